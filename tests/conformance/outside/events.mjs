// Makes events: a mission raises a concern and adds to it five times a second, until it is stopped.
// usage: events.mjs URL TOKEN
const [url, token] = process.argv.slice(2);

async function ask(query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const { missions } = await ask('{ missions(first: 1, filter: { name: { eq: "Embassy of France" } }) { nodes { id } } }');
const raise = 'mutation($input: RaiseConcernInput!) { raiseConcern(input: $input) { concern { id } } }';
const input = {
  missionId: missions.nodes[0].id, kind: 'CONCERN', category: 'OTHER', severity: 'LOW',
  title: 'Events', narrative: 'So that streams have something to tell.',
};
const { raiseConcern } = await ask(raise, { input });
const reply = 'mutation($input: ReplyToConcernInput!) { replyToConcern(input: $input) { concern { version } } }';
for (;;) {
  await ask(reply, { input: { concernId: raiseConcern.concern.id, body: 'Once more.' } });
  await new Promise((done) => setTimeout(done, 200));
}
