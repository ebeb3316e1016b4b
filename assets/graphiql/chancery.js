// Mounts GraphiQL over /graphql with the token that is pasted in. The token and the editor's tabs live in this tab's
// session storage and nowhere else; schema and documentation are those of the token's role.
"use strict";
(() => {
  const KEY = "chancery:token";
  const field = document.getElementById("token");
  const state = document.getElementById("state");
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  let token = sessionStorage.getItem(KEY) ?? "";
  let mounted = 0;

  const say = (text) => { state.value = text; };

  async function fetcher(params) {
    const headers = {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
    };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch("/graphql", {
      method: "POST", headers, body: JSON.stringify(params), credentials: "omit", cache: "no-store",
    });
    const answer = await response.json();
    if (response.status === 401) say(token ? "this token is not valid" : "no token: the graph answers nobody");
    else say("the graph of this token's role");
    return answer;
  }

  // A new key mounts anew, which asks for the schema again: another token may belong to another role.
  function mount() {
    root.render(React.createElement(GraphiQL, {
      key: (mounted += 1), fetcher, storage: sessionStorage,
      isHeadersEditorEnabled: false, shouldPersistHeaders: false, defaultEditorToolsVisibility: "variables",
      defaultQuery: "# You see what your role may see.\n{\n  viewer {\n    role\n    name\n    agencyName\n    areas\n    watchPhone\n    tokenExpiresAt\n  }\n}\n",
    }));
  }

  function use(text) {
    token = text.trim().replace(/^Bearer\s+/i, "");
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
    field.value = token;
    say(token ? "asking for the schema" : "no token: the graph answers nobody");
    mount();
  }

  document.getElementById("sign-in").addEventListener("submit", (event) => { event.preventDefault(); use(field.value); });
  document.getElementById("forget").addEventListener("click", () => use(""));
  use(token);
})();
