//! Concerns in the order in which they were opened, each with its log, its shares and its referrals.

use chancery::{clock::instant, desk::reference};
use time::{Duration, OffsetDateTime};

use super::{
    AGENCIES, DAYS, LAST, MISSIONS, Of, Scale, Sink,
    cast::{
        ENROLLED_PARTNERS, HEAVY_PARTNERS, OFFICERS, STEADY_CONCERNS, STEADY_MISSIONS, STEADY_OFFICERS,
        STEADY_PARTNERS, STEADY_SHOWN, liaison_officer, mission_agency, mission_officer, partner, partner_officer,
        portfolio,
    },
    chance_of, id, id_at,
    words::{RARE, sentence},
};
use crate::{Result, chance::Chance};

const KINDS: &[(&str, u64)] = &[("PROBLEM", 5), ("QUESTION", 2), ("CONCERN", 3)];
const CATEGORIES: &[(&str, u64)] = &[
    ("SURVEILLANCE", 6),
    ("PHOTOGRAPHY", 5),
    ("DEMONSTRATION", 4),
    ("THREAT", 3),
    ("VANDALISM", 2),
    ("CYBERATTACK", 1),
];
const SEVERITIES: &[(&str, u64)] = &[("LOW", 35), ("MEDIUM", 35), ("HIGH", 22), ("CRITICAL", 8)];
const MARKINGS: &[(&str, u64)] = &[("CLEAR", 5), ("GREEN", 45), ("AMBER", 37), ("AMBER_STRICT", 10), ("RED", 3)];
const OPEN: &[(&str, u64)] = &[
    ("SUBMITTED", 15),
    ("ACKNOWLEDGED", 10),
    ("ASSIGNED", 15),
    ("IN_PROGRESS", 35),
    ("AWAITING_MISSION", 10),
    ("REFERRED", 10),
    ("RESPONDED", 5),
];
const ENDS: &[(&str, u64)] =
    &[("CLOSED", 70), ("RESOLVED", 10), ("WITHDRAWN", 8), ("DUPLICATE", 4), ("NOT_ACTIONABLE", 5), ("IN_PROGRESS", 3)];
/// How many entries a concern has: three, on the whole.
const LOGS: &[(&str, u64)] = &[("1", 20), ("2", 25), ("3", 27), ("4", 15), ("6", 9), ("8", 4)];
const TIERS: &[(&str, u64)] = &[("DC", 2), ("DCP", 1)];
const ANSWERS: &[(&str, u64)] = &[("OFFERED", 3), ("ACCEPTED", 4), ("DONE", 2), ("DECLINED", 1)];

/// Of a thousand concerns, those that are still open: the newest.
const STILL_OPEN: u64 = 80;

struct Concern {
    id: String,
    at: OffsetDateTime,
    mission: u64,
    status: &'static str,
    tlp: &'static str,
    /// Raised by its mission; else by a partner agency.
    by_mission: bool,
    owner: Option<u64>,
    chance: Chance,
}

pub(super) async fn fill(sink: &mut Sink, scale: Scale) -> Result<()> {
    let missions = Weights::new();
    for n in 0..scale.concerns {
        let steady = turn(n, scale, STEADY_MISSIONS * STEADY_CONCERNS, 0);
        let concern = concern(sink, scale, n, steady, &missions).await?;
        let mut shown = Vec::new();
        for partner in 0..STEADY_PARTNERS {
            if let Some(turn) = turn(n, scale, STEADY_SHOWN, 1 + partner) {
                shown.push((partner, turn % 8 < 5));
            }
        }
        around(sink, n, concern, shown).await?;
    }
    Ok(())
}

/// Of so many that are spread over all concerns, the one whose turn this is: one in each stretch, somewhere in it. `what` tells
/// one spreading from another.
fn turn(n: u64, scale: Scale, of: u64, what: u64) -> Option<u64> {
    let turn = ((n + 1) * of - 1) / scale.concerns;
    let (from, until) = (turn * scale.concerns / of, (turn + 1) * scale.concerns / of);
    let mut chance = Chance::of(1000 + what, turn);
    (n == from + chance.below(until - from)).then_some(turn)
}

/// The missions that are not steady, some much larger than others.
struct Weights {
    sums: Vec<u64>,
}

impl Weights {
    fn new() -> Self {
        let mut sum = 0;
        let sums = (STEADY_MISSIONS..MISSIONS).map(|mission| {
            sum += 1_000_000 / (mission - STEADY_MISSIONS + 8);
            sum
        });
        Self { sums: sums.collect() }
    }

    fn draw(&self, chance: &mut Chance) -> u64 {
        let at = chance.below(self.sums.last().copied().unwrap_or(1));
        STEADY_MISSIONS + self.sums.partition_point(|sum| *sum <= at) as u64
    }
}

async fn concern(sink: &mut Sink, scale: Scale, n: u64, steady: Option<u64>, missions: &Weights) -> Result<Concern> {
    // A steady concern is the same at either size, but for its time.
    let mut chance = chance_of(Of::Concern, steady.map_or(n, |turn| u64::MAX - turn));
    let mission = steady.map_or_else(|| missions.draw(&mut chance), |turn| turn % STEADY_MISSIONS);
    let step = Duration::days(DAYS) / f64::from(u32::try_from(scale.concerns)?);
    let jitter = f64::from(u32::try_from(chance.below(1_000))?) / 1_000.0;
    let at = LAST - Duration::days(DAYS) + step * (f64::from(u32::try_from(n)?) + jitter);
    let id = id_at(Of::Concern, n, at);
    let late = steady.map_or(n * 1000 / scale.concerns, |turn| turn * 1000 / (STEADY_MISSIONS * STEADY_CONCERNS));
    let status = chance.weighted(if late + STILL_OPEN >= 1000 { OPEN } else { ENDS });
    let tlp = chance.weighted(MARKINGS);
    let by_mission = chance.permille(850);
    let owner = (!matches!(status, "SUBMITTED" | "ACKNOWLEDGED") && chance.permille(900))
        .then(|| officer(&mut chance, mission));
    let cui = chance.permille(40).then_some(if chance.permille(750) { "CUI//LEI//NOFORN" } else { "CUI//LEI//FEDCON" });
    let mut title = sentence(&mut chance, 8);
    if chance.permille(2) {
        title = format!("{title} {RARE}");
    }
    let mission_id = super::id(Of::Mission, mission);
    let reporter =
        chance.below(ENROLLED_PARTNERS - STEADY_PARTNERS - HEAVY_PARTNERS) + STEADY_PARTNERS + HEAVY_PARTNERS;
    let (agency, reporter) = if by_mission {
        (mission_agency(mission), mission_officer(mission))
    } else {
        (partner(reporter), partner_officer(reporter))
    };
    // An odd factor permutes the numbers of 25 bits: no two concerns have one reference.
    let reference = reference::of_bits(at.year(), u32::try_from((n * 11_400_715) & 0x1ff_ffff)?);
    let occurred = instant(at - Duration::minutes(i64::try_from(chance.below(3_000))?));
    sink.row(
        "concern",
        &[
            Some(&id),
            Some(&reference),
            Some(chance.weighted(KINDS)),
            Some(chance.weighted(CATEGORIES)),
            Some(chance.weighted(SEVERITIES)),
            Some(status),
            Some(&mission_id),
            Some(&title),
            Some(&sentence(&mut chance, 32)),
            Some(&occurred),
            Some(&super::id(Of::Agency, agency)),
            by_mission.then_some(mission_id.as_str()),
            Some(&super::id(Of::Person, reporter)),
            Some("[]"),
            owner.map(|owner| super::id(Of::Person, liaison_officer(owner))).as_deref(),
            Some(tlp),
            cui,
            Some(&instant(at)),
            Some("3"),
            Some(if owner.is_some() { "1" } else { "0" }),
        ],
    )
    .await?;
    Ok(Concern { id, at, mission, status, tlp, by_mission, owner, chance })
}

/// Who has it: of a steady mission a steady officer, else one of the others.
fn officer(chance: &mut Chance, mission: u64) -> u64 {
    if mission < STEADY_MISSIONS {
        return mission / 4 + if chance.permille(500) { 4 } else { 0 };
    }
    if chance.permille(200) {
        return STEADY_OFFICERS;
    }
    let found = (STEADY_OFFICERS..OFFICERS).find(|officer| portfolio(*officer).contains(&mission));
    found.unwrap_or(OFFICERS - 1)
}

/// What hangs on a concern. `shown` are steady partners, and whether it was shared with them or referred to them.
async fn around(sink: &mut Sink, n: u64, mut concern: Concern, shown: Vec<(u64, bool)>) -> Result<()> {
    let chance = &mut concern.chance;
    let mut to = shown;
    if chance.permille(40) {
        to.push((STEADY_PARTNERS, chance.permille(500)));
    }
    if chance.permille(25) {
        to.push((STEADY_PARTNERS + 1, chance.permille(500)));
    }
    if chance.permille(200) {
        let listed = AGENCIES - partner(ENROLLED_PARTNERS);
        to.push((ENROLLED_PARTNERS + chance.skewed(listed), chance.permille(650)));
    }
    let mut moment = concern.at;
    for (place, (agency, shared)) in to.iter().enumerate() {
        let (row, agency) = (8 * n + place as u64, id(Of::Agency, partner(*agency)));
        moment += Duration::minutes(5);
        let at = instant(moment);
        if *shared {
            let (id, tiers) = (id_at(Of::Share, row, moment), concern.chance.weighted(TIERS));
            let cap = if concern.tlp == "AMBER_STRICT" { "AMBER_STRICT" } else { "AMBER" };
            sink.row(
                "share",
                &[Some(&id), Some(&concern.id), Some(&agency), Some(tiers), Some(cap), Some("Near you"), Some(&at)],
            )
            .await?;
        } else {
            let id = id_at(Of::Referral, row, moment);
            let status = concern.chance.weighted(ANSWERS);
            sink.row("referral", &[Some(&id), Some(&concern.id), Some(&agency), Some(status), Some(&at)]).await?;
        }
    }
    log(sink, n, concern, to.first().map(|(agency, _)| *agency)).await
}

/// The log: how it began, what was said, where it is.
async fn log(sink: &mut Sink, n: u64, mut concern: Concern, partner_told: Option<u64>) -> Result<()> {
    let count: u64 = concern.chance.weighted(LOGS).parse()?;
    let officer = concern.owner.map_or_else(|| liaison_officer(OFFICERS - 1), liaison_officer);
    let mut moment = concern.at;
    for place in 0..count {
        let chance = &mut concern.chance;
        let last = place + 1 == count && place > 0;
        let (kind, audience, author, to_status) = match place {
            0 => ("STATUS", "ORIGINATOR", None, Some("SUBMITTED")),
            1 if !last => ("ACKNOWLEDGED", "ORIGINATOR", Some(officer), Some("ACKNOWLEDGED")),
            _ if last => ("STATUS", "ORIGINATOR", Some(officer), Some(concern.status)),
            _ if partner_told.is_some() && chance.permille(500) => ("COMMENT", "PARTNER", Some(officer), None),
            _ if chance.permille(400) => ("COMMENT", "INTERNAL", Some(officer), None),
            _ => ("COMMENT", "ORIGINATOR", Some(officer), None),
        };
        let row = 8 * n + place;
        let id = id_at(Of::Entry, row, moment);
        // Somebody who wrote for whoever raised it, or for the agency that it was shown to.
        let agency = match audience {
            "PARTNER" => partner_told.map(partner),
            "ORIGINATOR" if !concern.by_mission => Some(partner(STEADY_PARTNERS + HEAVY_PARTNERS)),
            _ => None,
        };
        let stored = match (audience, agency) {
            ("INTERNAL", _) => "INTERNAL",
            (_, Some(_)) => "AGENCIES",
            _ => "MISSION",
        };
        // Some of what is said is for fewer than the concern.
        let tlp = if place > 0 && concern.tlp != "RED" && chance.permille(80) { "AMBER_STRICT" } else { concern.tlp };
        let body = (place > 0 || chance.permille(300)).then(|| sentence(chance, 12));
        let author = super::id(Of::Person, author.unwrap_or_else(|| mission_officer(concern.mission)));
        sink.row(
            "entry",
            &[
                Some(&id),
                Some(&concern.id),
                Some(kind),
                Some(&author),
                Some(stored),
                Some(tlp),
                body.as_deref(),
                Some(&instant(moment)),
                to_status,
            ],
        )
        .await?;
        if let Some(agency) = agency {
            sink.row("entry_audience", &[Some(&id), Some(&super::id(Of::Agency, agency))]).await?;
        }
        moment += Duration::minutes(7 + i64::try_from(chance.below(2_000))?);
    }
    Ok(())
}
