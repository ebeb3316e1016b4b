//! Who a principal is in the registry, and the keys that follow from it.

use super::{area, key::Key, marking::Circle, role::AgencyKind};

/// What the registry says of an agency and a person at this moment. Nothing here comes from a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The agency's id.
    pub agency: String,
    /// What the agency is.
    pub agency_kind: AgencyKind,
    /// Whether the agency is a federal one (DSS is).
    pub federal: bool,
    /// For a mission agency: its sending state's id, if any.
    pub sending_state: Option<String>,
    /// For a mission agency: the ISO 3166-1 codes of its sending state, two and three letters.
    pub sending_state_codes: Vec<String>,
    /// For a mission agency: registered for all missions of its sending state.
    pub state_wide: bool,
    /// The missions the agency is registered for.
    pub missions: Vec<String>,
    /// The agency's confirmed areas.
    pub areas: Vec<String>,
    /// The person's id.
    pub person: String,
    /// The missions in the person's portfolio.
    pub portfolio: Vec<String>,
    /// Turns on the watch roster, `[start, end)`, canonical instants.
    pub watch: Vec<(String, String)>,
    /// For a regional security officer: the host state, as the registry says it.
    pub host_state: Option<String>,
    /// For a regional security officer: the post's id. The host state is said apart: a post's country comes from
    /// public files, and no file may decide whose missions an officer sees.
    pub post: Option<String>,
}

impl Standing {
    /// Whether the ground INTERNAL holds.
    pub fn is_internal(&self) -> bool {
        self.agency_kind == AgencyKind::DiplomaticSecurity
    }

    /// The keys held at `now` (a canonical instant).
    pub fn keys(&self, now: &str) -> Vec<String> {
        self.keys_held(self.is_on_watch(now))
    }

    /// Whether the person has a turn on the watch at `now`: of the keys, all that time changes.
    pub fn is_on_watch(&self, now: &str) -> bool {
        self.watch.iter().any(|(start, end)| start.as_str() <= now && now < end.as_str())
    }

    /// The keys that are held, on watch or not, sorted, as the visibility table writes them. What a mission's agency
    /// cannot be (of an area, on watch) yields no key even if the registry says so.
    pub fn keys_held(&self, on_watch: bool) -> Vec<String> {
        let mut keys = vec![Key::Everyone, Key::Kind(self.agency_kind)];
        keys.extend([Key::Agency(self.agency.clone()), Key::Person(self.person.clone())]);
        match self.agency_kind {
            AgencyKind::Mission => {
                keys.extend(self.missions.iter().cloned().map(Key::Mission));
                keys.extend(self.sending_state.iter().filter(|_| self.state_wide).cloned().map(Key::SendingState));
            }
            AgencyKind::LawEnforcement => {
                let held = area::areas_held(&self.areas);
                keys.extend(held.iter().flat_map(|area| area::areas_containing(area)).map(Key::Within));
                keys.extend(held.into_iter().map(Key::Area));
            }
            AgencyKind::DiplomaticSecurity => {
                keys.push(Key::Dss);
                keys.extend(self.portfolio.iter().cloned().map(Key::Portfolio));
                keys.extend(self.host_state.iter().cloned().map(Key::HostState));
                keys.extend(self.post.iter().cloned().map(Key::Post));
                if on_watch {
                    keys.push(Key::Watch);
                }
            }
        }
        let circles = self.circles();
        let mut held: Vec<String> =
            keys.iter().flat_map(|key| circles.iter().map(move |circle| key.within(circle))).collect();
        held.sort_unstable();
        held.dedup();
        held
    }

    /// The circles of marked rows that the principal belongs to.
    fn circles(&self) -> Vec<Circle> {
        let mut circles = vec![Circle::Any];
        match self.agency_kind {
            AgencyKind::Mission => {
                circles.extend(self.sending_state_codes.iter().cloned().map(Circle::Missions));
            }
            AgencyKind::LawEnforcement | AgencyKind::DiplomaticSecurity => {
                circles.push(Circle::UnitedStates);
                if self.federal {
                    circles.push(Circle::Federal);
                }
            }
        }
        circles
    }
}
