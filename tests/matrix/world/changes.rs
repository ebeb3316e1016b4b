//! What missions have said of how to reach them.

use chancery::access::Kind;
use entity::mission_change;
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{THEN, put, some},
};
use crate::cast;

/// Puts one in for each mission: it is seen by whom the mission's protected values are shown, and by nobody else.
pub async fn build(work: &DatabaseTransaction, world: &[Situation]) -> Vec<Situation> {
    let mut changes = Vec::new();
    for mission in world.iter().filter(|situation| situation.kind == Kind::Mission) {
        let handle = format!("change of {}", mission.id);
        let row = mission_change::Model {
            id: id_of(Kind::MissionChange, &handle),
            mission_id: mission.id.clone(),
            status: "DECLINED".to_owned(),
            proposes: r#"["switchboard","dutyPhone","email","website"]"#.to_owned(),
            switchboard: some("+12025550101"),
            duty_phone: some("+12025550102"),
            email: some("new@mission.example"),
            website: some("https://new.mission.example"),
            switchboard_before: some("+12025550103"),
            duty_phone_before: some("+12025550104"),
            email_before: some("old@mission.example"),
            website_before: some("https://old.mission.example"),
            proposed_by_id: id_of(Kind::Person, "third officer"),
            proposed_at: THEN.to_owned(),
            decided_by_id: Some(id_of(Kind::Person, "third officer")),
            decided_at: some(THEN),
            reason: some("Why"),
        };
        put(work, row).await;
        let seen = cast::CAST.iter().filter(|asker| mission.expected(asker.name).contains('P'));
        let expect: Vec<String> = seen.map(|asker| format!("{}=P", asker.name)).collect();
        changes.push(Situation::of(Kind::MissionChange, &handle, mission.name.clone(), &expect.join(" ")));
    }
    changes
}
