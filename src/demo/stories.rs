//! What the demo's concerns are about: for each category titles and beginnings, and ways to go on.

use super::chance::Chance;

/// Concerns of one category. `{mission}` (with its article), `{place}`, `{name}` and `{hour}` are filled in.
pub(super) struct Story {
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
    /// NIBRS offense code, where the event is an offense.
    pub(super) nibrs: Option<&'static str>,
    /// Titles, each with how its narrative begins.
    told: &'static [(&'static str, &'static str)],
}

const fn story(
    category: &'static str,
    kind: &'static str,
    nibrs: Option<&'static str>,
    told: &'static [(&'static str, &'static str)],
) -> Story {
    Story { category, kind, nibrs, told }
}

#[rustfmt::skip]
pub(super) const STORIES: &[Story] = &[
    story("AVIATION", "PROBLEM", None, &[
        ("Drone over the compound",
         "A small quadcopter hovered above {place} at about {hour} and left to the east."),
        ("Laser pointed at the roof terrace",
         "Guards saw a green laser on the facade of {place} for some minutes after {hour}."),
    ]),
    story("CYBERATTACK", "PROBLEM", Some("26G"), &[
        ("Phishing in the name of the consular section",
         "Visa applicants received messages that claim to come from {mission} and ask for card numbers."),
        ("Website out of service",
         "The public website of {mission} has been flooded with requests since {hour}."),
    ]),
    story("ELICITATION", "CONCERN", None, &[
        ("Caller asks about shift times",
         "A man who gave his name as {name} telephoned twice and asked when the guards at {place} change."),
        ("Visitor with unusual questions about guards",
         "A visitor asked the receptionist which entrance the head of mission uses."),
    ]),
    story("EXPERTISE", "CONCERN", None, &[
        ("Applicant insists on access to building plans",
         "An applicant for a maintenance post at {place} asked for drawings of the ventilation before any interview."),
    ]),
    story("INTRUSION", "PROBLEM", Some("220"), &[
        ("Fence cut at the rear",
         "The patrol found a hole in the rear fence of {place} at {hour}; nothing is missing so far."),
        ("Person found inside the garage",
         "A person without a badge was found in the garage of {place} at {hour} and ran off when spoken to."),
    ]),
    story("MATERIALS", "CONCERN", None, &[
        ("Gas bottles left beside the building",
         "Three unmarked gas bottles stood beside the wall of {place} at {hour}; the fire service took them away."),
    ]),
    story("MISREPRESENTATION", "PROBLEM", Some("26C"), &[
        ("False number plates",
         "A car with plates that imitate those of {mission} was stopped near {place}."),
        ("Forged diplomatic identity card",
         "Somebody presented a forged identity card of {mission} to a landlord and named himself {name}."),
    ]),
    story("PHOTOGRAPHY", "CONCERN", None, &[
        ("Photographs of the service entrance",
         "A woman photographed the service entrance of {place} for twenty minutes from {hour} on."),
        ("Filming of staff at the gate",
         "Two men filmed employees of {mission} as they arrived."),
    ]),
    story("RECRUITING", "CONCERN", None, &[
        ("Leaflets that look for participants",
         "Leaflets near {place} look for people 'who are ready for more than shouting' and give a messenger account."),
    ]),
    story("SABOTAGE", "PROBLEM", Some("290"), &[
        ("Cable to the cameras cut",
         "The cable to two cameras at {place} was cut at {hour}, shortly before the end of a shift."),
    ]),
    story("SECTOR", "CONCERN", None, &[
        ("Power failures in the block",
         "The third power failure in a week left {place} on its generator at {hour}."),
    ]),
    story("SURVEILLANCE", "CONCERN", None, &[
        ("Same car on three mornings",
         "The same grey car stood across from {place} on three mornings at about {hour}, engine running."),
        ("Observer across the street",
         "A man sits in the cafe opposite {place} each day and notes who comes and goes."),
    ]),
    story("TESTING_SECURITY", "CONCERN", None, &[
        ("Alarm set off three nights in a row",
         "The alarm of the side door at {place} went off at {hour} for the third night; nobody was seen."),
        ("Bag left at the gate",
         "A bag was left at the gate of {place}; a man watched from a distance until the guard came."),
    ]),
    story("THEFT", "PROBLEM", Some("23H"), &[
        ("Diplomatic mail bag missing",
         "A bag of correspondence for {mission} did not arrive with the flight."),
        ("Laptop stolen from a vehicle",
         "A laptop of {mission} was taken from a parked vehicle near {place} at about {hour}."),
    ]),
    story("THREAT", "PROBLEM", Some("13C"), &[
        ("Threatening call to the switchboard",
         "A caller told the switchboard of {mission} at {hour} that 'you will all be sorry tomorrow'."),
        ("Threats against the head of mission",
         "A message names the head of mission and an address that is nearly right; it is signed {name}."),
        ("Letter with threats",
         "A typed letter threatens the staff of {mission} because of a visa refusal."),
    ]),
    story("WEAPONS", "PROBLEM", Some("520"), &[
        ("Visitor with a knife at the entrance",
         "The screening at {place} found a knife on a visitor at {hour}; he left before the police came."),
    ]),
    story("DEMONSTRATION", "CONCERN", None, &[
        ("Demonstration announced for Saturday",
         "Some 400 people are expected in front of {place}; a permit was asked for by {name}."),
        ("Crowd at the gate",
         "About sixty people stand at the gate of {place} since {hour}; the mood is loud and peaceful."),
        ("March will pass the chancery",
         "A march with some 2,000 participants will pass {place} on Sunday; {mission} asks what is known of the organisers."),
    ]),
    story("BOMB_THREAT", "PROBLEM", Some("13C"), &[
        ("Bomb threat by telephone",
         "A voice said at {hour} that a device would explode in {place} within the hour; the building was cleared."),
        ("Bomb threat by e-mail",
         "An e-mail to the consular mailbox of {mission} claims that a device is hidden in the waiting room."),
    ]),
    story("SUSPICIOUS_MAIL", "PROBLEM", None, &[
        ("Envelope with powder",
         "The mail room of {mission} opened an envelope with a white powder at {hour}."),
        ("Parcel without sender",
         "A heavy parcel without a sender was delivered to {place}."),
    ]),
    story("HARASSMENT", "PROBLEM", Some("13C"), &[
        ("Employee followed home",
         "A member of the staff of {mission} was followed from {place} to the underground on two evenings."),
        ("Repeated calls to a family",
         "The family of an employee receives silent calls at night; the number belongs to a {name}."),
    ]),
    story("VANDALISM", "PROBLEM", Some("290"), &[
        ("Paint on the facade",
         "Red paint was thrown at the facade of {place} at about {hour}."),
        ("Flag torn down",
         "The flag at {place} was torn down in the night."),
        ("Window broken",
         "A stone broke a window on the ground floor of {place}."),
    ]),
    story("CRIME", "PROBLEM", Some("120"), &[
        ("Employee robbed near the mission",
         "An employee of {mission} was robbed near {place} at {hour}; the card access was blocked at once."),
    ]),
    story("ESCORT_REQUEST", "QUESTION", None, &[
        ("Escort for a transfer of works of art",
         "{mission} asks for an escort from {place} to the airport at {hour}."),
        ("Escort to the airport",
         "{mission} moves two paintings on loan and asks whether an escort can be given."),
    ]),
    story("EVENT_SECURITY", "QUESTION", None, &[
        ("National day reception",
         "{mission} holds its national day at {place} and expects 300 guests from {hour} on."),
        ("Concert with 600 guests",
         "{mission} asks for advice on the security of a public concert."),
    ]),
    story("BRIEFING_REQUEST", "QUESTION", None, &[
        ("Briefing for new staff",
         "{mission} asks for a security briefing for eleven new members of staff."),
        ("Briefing before the elections",
         "{mission} expects long queues of voters at {place} and asks for a briefing."),
    ]),
    story("IMMUNITY_QUESTION", "QUESTION", None, &[
        ("Status of a driver after an accident",
         "A driver of {mission} was in a collision near {place}; the officer at the scene asks what his status is."),
        ("May officers enter the garage?",
         "A tow firm wants to enter the garage of {place}; {mission} asks what the rules are."),
    ]),
    story("OTHER", "CONCERN", None, &[
        ("Person in distress at the gate",
         "A person sat at the gate of {place} from {hour} on, confused, and asked for the ambassador by a wrong name."),
    ]),
];

const GOES_ON: &[&str] = &[
    "Camera footage is kept for thirty days.",
    "The guard on duty can be asked; his report is attached to the log.",
    "Nobody was hurt.",
    "It has not happened before as far as the staff remember.",
    "A similar event was seen in spring.",
    "Staff were told to vary their routes.",
    "The entrance was closed for two hours.",
    "Neighbours saw nothing.",
    "A licence plate was noted in part: the last figures are 47.",
    "The mission wishes to be called back before a public statement is made.",
    "The person left on foot towards the park.",
    "Extra patrols would be welcome over the weekend.",
];

const ASKS: &[&str] = &[
    "An answer by the end of the week is enough.",
    "The security officer can be called at any time.",
    "The same was asked for last year.",
    "About twelve persons will take part.",
    "The details can be discussed on site.",
    "The local police know of it.",
    "Three vehicles are involved.",
    "There is no press interest so far.",
];

/// Whom it concerns: described, never a real person.
pub(super) const SUBJECTS: &[&str] = &[
    "Man, about 40, grey jacket, carried a rucksack",
    "Woman, about 30, red bicycle",
    "Two men in a grey saloon car",
    "Caller, male voice, no accent noted",
    "Unknown sender, address in part legible",
];

/// A title and a narrative.
pub(super) fn tell(chance: &mut Chance, story: &Story, mission: &str, place: &str, name: &str) -> (String, String) {
    let hour = format!("{:02}:{:02}", chance.below(24), 5 * chance.below(12));
    let fill = |text: &str| {
        text.replace("{mission}", &format!("the {mission}"))
            .replace("{place}", place)
            .replace("{name}", name)
            .replace("{hour}", &hour)
    };
    let (title, begin) = chance.pick(story.told).copied().unwrap_or_default();
    let mut narrative = capital(&fill(begin));
    let goes_on = if story.kind == "QUESTION" { ASKS } else { GOES_ON };
    for _ in 0..=chance.below(3) {
        let sentence = chance.word(goes_on);
        if !narrative.contains(sentence) {
            narrative.push(' ');
            narrative.push_str(sentence);
        }
    }
    (capital(&fill(title)), narrative)
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
