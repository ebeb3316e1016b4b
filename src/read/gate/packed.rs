//! A row's tiers under every marking, in one number: those under CLEAR in the lowest five bits, those under GREEN in the
//! next, and so on. What hangs on a row takes its own from there, by its own marking, and asks the lines nothing more.

use super::{Binds, Gate, Ground, Kind, Tiers, Tlp, definition};
use crate::store::Engine;

/// Bits of one marking.
const WIDTH: i16 = 5;

/// What repeats tiers under every marking up to one.
fn repeated(highest: Tlp) -> i64 {
    (0..=highest.rank()).map(|rank| 1_i64 << (WIDTH * rank)).sum()
}

impl Gate {
    /// Whether a row can have its tiers packed, for its children: where lines say them. SQLite has no aggregate of bits,
    /// and looks for each of 25 longer than for the lines of a child.
    pub(in crate::read) fn packs(self, kind: Kind) -> bool {
        self.dialect.engine() == Engine::Postgres && !self.lines(kind).is_empty() && Ground::stated(kind).is_empty()
    }

    /// The packed tiers of the row under an alias. Its tiers are their lowest bits.
    pub(in crate::read) fn packed(self, kind: Kind, alias: &str, binds: &mut Binds) -> String {
        let lines = self.lines(kind);
        let bits = self.dialect.bit_or(&packed("v", &Self::opens("v", &lines)), Tiers::ALL);
        let held = self.held(kind, "v", &format!("{alias}.id"), &lines, binds);
        let always = i64::from(self.always(kind).bits()) * repeated(Tlp::Red);
        format!("((select {bits} from {held}) | {always})")
    }

    /// The tiers of the child row under an alias, from the packed ones of its parent.
    pub(in crate::read) fn unpacked(kind: Kind, alias: &str, parent: &str) -> String {
        let marking = definition(kind).child.and_then(|child| child.tlp_column);
        match marking.map(|column| Self::rank(&format!("{alias}.{column}"))) {
            Some(rank) => format!("(({parent} >> ({WIDTH} * {rank})) & {})", Tiers::ALL.bits()),
            None => format!("({parent} & {})", Tiers::ALL.bits()),
        }
    }
}

/// What a line opens, under every marking that it survives.
pub(super) fn packed(v: &str, opens: &str) -> String {
    let factors: Vec<String> =
        Tlp::ALL.into_iter().map(|tlp| format!("when {} then {}", tlp.rank(), repeated(tlp))).collect();
    format!("({opens} * (case {v}.tlp_max {} else 0 end))", factors.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_marking_has_bits_of_its_own() {
        assert_eq!(Tlp::ALL.map(repeated), [1, 33, 1057, 33_825, 1_082_401]);
        let open = i64::from(Tiers::DCP.bits()) * repeated(Tlp::Green);
        let under = |tlp: Tlp| (open >> (WIDTH * tlp.rank())) & i64::from(Tiers::ALL.bits());
        let of = i64::from(Tiers::DCP.bits());
        assert_eq!(Tlp::ALL.map(under), [of, of, 0, 0, 0]);
        assert!(i32::try_from(i64::from(Tiers::ALL.bits()) * repeated(Tlp::Red)).is_ok(), "an integer of PostgreSQL");
    }
}
