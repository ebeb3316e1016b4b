//! What the demo's concerns are about: for each category titles and beginnings, and ways to go on.

use super::chance::Chance;

/// Concerns of one category. `{mission}`, `{place}`, `{name}` and `{hour}` are filled in.
pub(super) struct Story {
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
    /// NIBRS offense code, where the event is an offense.
    pub(super) nibrs: Option<&'static str>,
    pub(super) titles: &'static [&'static str],
    pub(super) begins: &'static [&'static str],
}

const fn story(
    category: &'static str,
    kind: &'static str,
    nibrs: Option<&'static str>,
    titles: &'static [&'static str],
    begins: &'static [&'static str],
) -> Story {
    Story { category, kind, nibrs, titles, begins }
}

#[rustfmt::skip]
pub(super) const STORIES: &[Story] = &[
    story("AVIATION", "PROBLEM", None, &["Drone over the compound", "Laser pointed at the roof terrace"],
        &["A small quadcopter hovered above {place} at about {hour} and left to the east.", "Guards saw a green laser on the facade of {place} for some minutes after {hour}."]),
    story("CYBERATTACK", "PROBLEM", Some("26G"), &["Phishing in the name of the consular section", "Website out of service"],
        &["Visa applicants received messages that claim to come from {mission} and ask for card numbers.", "The public website of {mission} has been flooded with requests since {hour}."]),
    story("ELICITATION", "CONCERN", None, &["Caller asks about shift times", "Visitor with unusual questions about guards"],
        &["A man who gave his name as {name} telephoned twice and asked when the guards at {place} change.", "A visitor asked the receptionist which entrance the head of mission uses."]),
    story("EXPERTISE", "CONCERN", None, &["Applicant insists on access to building plans"],
        &["An applicant for a maintenance post at {place} asked for drawings of the ventilation before any interview."]),
    story("INTRUSION", "PROBLEM", Some("220"), &["Fence cut at the rear", "Person found inside the garage"],
        &["The patrol found a hole in the rear fence of {place} at {hour}; nothing is missing so far.", "A person without a badge was found in the garage of {place} at {hour} and ran off when spoken to."]),
    story("MATERIALS", "CONCERN", None, &["Gas bottles left beside the building"],
        &["Three unmarked gas bottles stood beside the wall of {place} at {hour}; the fire service took them away."]),
    story("MISREPRESENTATION", "PROBLEM", Some("26C"), &["Forged diplomatic identity card", "False number plates"],
        &["A car with plates that imitate those of {mission} was stopped near {place}.", "Somebody presented a forged identity card of {mission} to a landlord and named himself {name}."]),
    story("PHOTOGRAPHY", "CONCERN", None, &["Photographs of the service entrance", "Filming of staff at the gate"],
        &["A woman photographed the service entrance of {place} for twenty minutes from {hour} on.", "Two men filmed employees of {mission} as they arrived."]),
    story("RECRUITING", "CONCERN", None, &["Leaflets that look for participants"],
        &["Leaflets near {place} look for people 'who are ready for more than shouting' and give a messenger account."]),
    story("SABOTAGE", "PROBLEM", Some("290"), &["Cable to the cameras cut"],
        &["The cable to two cameras at {place} was cut at {hour}, shortly before the end of a shift."]),
    story("SECTOR", "CONCERN", None, &["Power failures in the block"],
        &["The third power failure in a week left {place} on its generator at {hour}."]),
    story("SURVEILLANCE", "CONCERN", None, &["Same car on three mornings", "Observer across the street"],
        &["The same grey car stood across from {place} on three mornings at about {hour}, engine running.", "A man sits in the cafe opposite {place} each day and notes who comes and goes."]),
    story("TESTING_SECURITY", "CONCERN", None, &["Alarm set off three nights in a row", "Bag left at the gate"],
        &["The alarm of the side door at {place} went off at {hour} for the third night; nobody was seen.", "A bag was left at the gate of {place}; a man watched from a distance until the guard came."]),
    story("THEFT", "PROBLEM", Some("23H"), &["Diplomatic mail bag missing", "Laptop stolen from a vehicle"],
        &["A bag of correspondence for {mission} did not arrive with the flight.", "A laptop of {mission} was taken from a parked vehicle near {place} at about {hour}."]),
    story("THREAT", "PROBLEM", Some("13C"), &["Threatening call to the switchboard", "Threats against the head of mission", "Letter with threats"],
        &["A caller told the switchboard of {mission} at {hour} that 'you will all be sorry tomorrow'.", "A message names the head of mission and an address that is nearly right; it is signed {name}.", "A typed letter threatens the staff of {mission} because of a visa refusal."]),
    story("WEAPONS", "PROBLEM", Some("520"), &["Visitor with a knife at the entrance"],
        &["The screening at {place} found a knife on a visitor at {hour}; he left before the police came."]),
    story("DEMONSTRATION", "CONCERN", None, &["Demonstration announced for Saturday", "Crowd at the gate", "March will pass the chancery"],
        &["Some 400 people are expected in front of {place}; a permit was asked for by {name}.", "About sixty people stand at the gate of {place} since {hour}; the mood is loud and peaceful."]),
    story("BOMB_THREAT", "PROBLEM", Some("13C"), &["Bomb threat by telephone", "Bomb threat by e-mail"],
        &["A voice said at {hour} that a device would explode in {place} within the hour; the building was cleared.", "An e-mail to the consular mailbox of {mission} claims that a device is hidden in the waiting room."]),
    story("SUSPICIOUS_MAIL", "PROBLEM", None, &["Envelope with powder", "Parcel without sender"],
        &["The mail room of {mission} opened an envelope with a white powder at {hour}.", "A heavy parcel without a sender was delivered to {place}."]),
    story("HARASSMENT", "PROBLEM", Some("13C"), &["Employee followed home", "Repeated calls to a family"],
        &["A member of the staff of {mission} was followed from {place} to the underground on two evenings.", "The family of an employee receives silent calls at night; the number belongs to a {name}."]),
    story("VANDALISM", "PROBLEM", Some("290"), &["Paint on the facade", "Flag torn down", "Window broken"],
        &["Red paint was thrown at the facade of {place} at about {hour}.", "The flag at {place} was torn down in the night.", "A stone broke a window on the ground floor of {place}."]),
    story("CRIME", "PROBLEM", Some("120"), &["Employee robbed near the mission"],
        &["An employee of {mission} was robbed near {place} at {hour}; the card access was blocked at once."]),
    story("ESCORT_REQUEST", "QUESTION", None, &["Escort for a transfer of works of art", "Escort to the airport"],
        &["{mission} asks for an escort from {place} to the airport at {hour}.", "{mission} moves two paintings on loan and asks whether an escort can be given."]),
    story("EVENT_SECURITY", "QUESTION", None, &["National day reception", "Concert with 600 guests"],
        &["{mission} holds its national day at {place} and expects 300 guests from {hour} on.", "{mission} asks for advice on the security of a public concert."]),
    story("BRIEFING_REQUEST", "QUESTION", None, &["Briefing for new staff", "Briefing before the elections"],
        &["{mission} asks for a security briefing for eleven new members of staff.", "{mission} expects long queues of voters at {place} and asks for a briefing."]),
    story("IMMUNITY_QUESTION", "QUESTION", None, &["Status of a driver after an accident", "May officers enter the garage?"],
        &["A driver of {mission} was in a collision near {place}; the officer at the scene asks what his status is.", "A tow firm wants to enter the garage of {place}; {mission} asks what the rules are."]),
    story("OTHER", "CONCERN", None, &["Person in distress at the gate"],
        &["A person sat at the gate of {place} from {hour} on, confused, and asked for the ambassador by a wrong name."]),
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
        text.replace("{mission}", mission).replace("{place}", place).replace("{name}", name).replace("{hour}", &hour)
    };
    let mut narrative = fill(chance.word(story.begins));
    for _ in 0..=chance.below(3) {
        let sentence = chance.word(GOES_ON);
        if !narrative.contains(sentence) {
            narrative.push(' ');
            narrative.push_str(sentence);
        }
    }
    (fill(chance.word(story.titles)), narrative)
}
