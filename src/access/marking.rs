//! Markings withhold grounds; they never grant anything.

use std::str::FromStr;

use super::role::AgencyKind;

/// Traffic Light Protocol 2.0 (FIRST), loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tlp {
    /// No limit on disclosure.
    Clear,
    /// Limited to the community.
    Green,
    /// Limited to the organisation and those it serves; the default.
    Amber,
    /// Limited to the organisation.
    AmberStrict,
    /// For the named persons only.
    Red,
}

impl Tlp {
    /// Every marking, loosest first.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::AmberStrict => "AMBER_STRICT",
            Self::Red => "RED",
        }
    }

    /// 0 (CLEAR) to 4 (RED), as the visibility table writes it.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Clear => 0,
            Self::Green => 1,
            Self::Amber => 2,
            Self::AmberStrict => 3,
            Self::Red => 4,
        }
    }

    /// Reads a stored marking. One that cannot be read counts as RED: a broken row hides, it does not show.
    pub fn of_row(stored: &str) -> Self {
        stored.parse().unwrap_or(Self::Red)
    }

    /// Reads a stored bound up to which a share holds. One that cannot be read counts as CLEAR: it holds the least.
    pub fn cap_of_row(stored: &str) -> Self {
        stored.parse().unwrap_or(Self::Clear)
    }
}

impl FromStr for Tlp {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|tlp| tlp.name() == name).ok_or(())
    }
}

/// The dissemination controls of a CUI banner, `CUI//CATEGORY//DISSEMINATION` (32 CFR 2002, CUI Registry).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cui {
    /// NOFORN: never visible to a foreign mission.
    pub noforn: bool,
    /// FED_ONLY: only to federal agencies.
    pub fed_only: bool,
    /// REL_TO: only to missions of these states (ISO 3166-1 codes, two or three letters), when given.
    pub rel_to: Option<Vec<String>>,
}

/// A circle of principals to which a marked row may go. A key carries its circle as a suffix, so that a marking
/// acts on every ground alike and needs to know nothing of who holds the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Circle {
    /// Unmarked.
    Any,
    /// Agencies of the United States: law enforcement and DSS.
    UnitedStates,
    /// Federal agencies of the United States.
    Federal,
    /// Missions of one state, by its ISO 3166-1 code.
    Missions(String),
}

impl Circle {
    /// What is appended to a key.
    pub fn suffix(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::UnitedStates => "/us".to_owned(),
            Self::Federal => "/fed".to_owned(),
            Self::Missions(code) => format!("/rel:{code}"),
        }
    }
}

impl Cui {
    /// The strictest reading there is: what a banner that cannot be read counts as.
    pub const fn strictest() -> Self {
        Self { noforn: true, fed_only: true, rel_to: None }
    }

    /// Reads a stored banner; none is no control, one that cannot be read is the strictest.
    pub fn of_row(banner: Option<&str>) -> Self {
        banner.map_or_else(Self::default, |banner| banner.parse().unwrap_or_else(|()| Self::strictest()))
    }

    /// Whether a row with these controls goes to nobody to whom one with the others does not go. Which states two
    /// lists mean is compared by code as written: `FR` for `FRA` counts as another.
    pub fn is_as_strict_as(&self, other: &Self) -> bool {
        match (self.circles().as_slice(), other.circles().as_slice()) {
            (_, [Circle::Any]) | ([Circle::Federal], _) => true,
            ([Circle::Any], _) | (_, [Circle::Federal]) => false,
            (circles, others) => circles.iter().all(|circle| others.contains(circle)),
        }
    }

    /// Whether a row with these controls may go to an agency: a mission's by its sending state's codes, another by
    /// whether it is federal.
    pub fn is_open_to(&self, kind: AgencyKind, federal: bool, state_codes: &[String]) -> bool {
        self.circles().iter().any(|circle| match circle {
            Circle::Any => true,
            Circle::UnitedStates => kind != AgencyKind::Mission,
            Circle::Federal => {
                kind == AgencyKind::DiplomaticSecurity || (kind == AgencyKind::LawEnforcement && federal)
            }
            Circle::Missions(code) => kind == AgencyKind::Mission && state_codes.contains(code),
        })
    }

    /// The circles a row with these controls may go to.
    pub fn circles(&self) -> Vec<Circle> {
        match (self.fed_only, self.noforn, &self.rel_to) {
            (true, _, _) => vec![Circle::Federal],
            (false, true, _) => vec![Circle::UnitedStates],
            (false, false, Some(states)) => {
                std::iter::once(Circle::UnitedStates).chain(states.iter().cloned().map(Circle::Missions)).collect()
            }
            (false, false, None) => vec![Circle::Any],
        }
    }
}

/// Whether a category is, or holds, what is a control in its own place: `CUI//NOFORN` would else show a control that
/// nothing enforces.
fn names_a_control(category: &str) -> bool {
    category.replace('_', " ").split(['/', '-']).map(str::trim).any(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.contains(&"NOFORN") || words.windows(2).any(|pair| matches!(pair, ["FED", "ONLY"] | ["REL", "TO"]))
    })
}

impl FromStr for Cui {
    type Err = ();

    /// `CUI`, `CUI//LEI`, `CUI//LEI//NOFORN`, `CUI//LEI//FED_ONLY/NOFORN`, `CUI//LEI//REL_TO FR,DE`.
    fn from_str(banner: &str) -> Result<Self, ()> {
        let mut parts = banner.split("//");
        if parts.next() != Some("CUI") {
            return Err(());
        }
        let category = parts.next();
        let controls = parts.next();
        let letters = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-/_ ".contains(&b))
        };
        if parts.next().is_some() || category.is_some_and(|category| !letters(category) || names_a_control(category)) {
            return Err(());
        }
        let mut cui = Self::default();
        for control in controls.map(|controls| controls.split('/')).into_iter().flatten() {
            match control {
                "NOFORN" => cui.noforn = true,
                "FED_ONLY" | "FED ONLY" => cui.fed_only = true,
                other => {
                    let states = other.strip_prefix("REL_TO ").or_else(|| other.strip_prefix("REL TO ")).ok_or(())?;
                    let states: Vec<String> = states.split(',').map(|code| code.trim().to_owned()).collect();
                    let is_code =
                        |code: &String| matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_uppercase());
                    if cui.rel_to.is_some() || !states.iter().all(is_code) {
                        return Err(());
                    }
                    cui.rel_to = Some(states);
                }
            }
        }
        Ok(cui)
    }
}
