//! Small rows by slot: slot 3 of the missions is always the same id.

use chancery::{access::Kind, desk::Work, id};
use entity::{
    agency, concern, entry, entry_audience, evidence, liaison, liaison_mission, mission, person, premises, referral,
    security_contact, sending_state, share,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, sea_query::OnConflict,
};

pub const THEN: &str = "2026-11-01T00:00:00.000000Z";

/// The id of a slot of a type.
pub fn id(kind: Kind, slot: u8) -> String {
    id::encode((u128::from(kind.code().unsigned_abs()) << 64) | u128::from(slot))
}

/// Inserts the row, or makes the stored one equal to it.
pub async fn put<M>(work: &Work, row: M)
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    M::Entity: EntityTrait<Model = M>,
{
    let row = row.into_active_model().reset_all();
    // Boxed: a concern has many columns, and what waits for one is large.
    match Box::pin(M::Entity::update(row.clone()).exec(work.rows())).await {
        Ok(_) => {}
        Err(DbErr::RecordNotUpdated) => {
            Box::pin(M::Entity::insert(row).exec_without_returning(work.rows())).await.expect("the row goes in");
        }
        Err(error) => panic!("{error}"),
    }
}

pub async fn put_state(work: &mut Work, slot: u8, iso2: &str) {
    let id = id(Kind::SendingState, slot);
    put(
        work,
        sending_state::Model {
            id: id.clone(),
            iso2: Some(iso2.to_owned()),
            iso3: None,
            name: iso2.to_owned(),
            wikidata_id: None,
            recognition: None,
            protecting_power_id: None,
            imported: None,
        },
    )
    .await;
    work.touch(Kind::SendingState, id);
}

pub async fn put_agency(work: &mut Work, slot: u8, name: &str) {
    let id = id(Kind::Agency, slot);
    let row = agency::Model {
        id: id.clone(),
        name: name.to_owned(),
        short_name: None,
        kind: "LAW_ENFORCEMENT".to_owned(),
        level: "CITY".to_owned(),
        ori: None,
        watch_phone: None,
        state: None,
        latitude: None,
        longitude: None,
        sending_state_id: None,
        state_wide: false,
        issuer: None,
        audience: None,
        token_typ: None,
        algorithms: "[]".to_owned(),
        max_lifetime_s: 3600,
        roles: "[]".to_owned(),
        quota_rps: None,
        quota_cost_per_minute: None,
        suspended_at: None,
        made_by_demo: false,
        jwks_uri: None,
        oidc_discovery: false,
        documents_only: false,
        imported: None,
    };
    put(work, row).await;
    work.touch(Kind::Agency, id);
}

pub async fn put_person(work: &mut Work, slot: u8, agency: u8) {
    let row = person::Model {
        id: id(Kind::Person, slot),
        agency_id: id(Kind::Agency, agency),
        subject: format!("subject-{slot}"),
        name: "A Person".to_owned(),
        unit: None,
        roles: "[]".to_owned(),
        sworn: false,
        machine: false,
        cfr28_certified: false,
        desk_phone: None,
        mobile_phone: None,
        email: None,
        host_state_id: None,
        post_id: None,
        disabled_at: None,
    };
    put(work, row).await;
    work.touch(Kind::Person, id(Kind::Person, slot));
}

pub async fn put_mission(work: &mut Work, slot: u8, state: Option<u8>, area: Option<&str>) {
    let row = mission::Model {
        id: id(Kind::Mission, slot),
        wikidata_id: None,
        r#type: "EMBASSY".to_owned(),
        name: format!("Mission {slot}"),
        sending_state_id: state.map(|state| id(Kind::SendingState, state)),
        parent_id: None,
        city: None,
        state: None,
        county_fips: None,
        jurisdiction_precision: None,
        area: area.map(str::to_owned),
        latitude: None,
        longitude: None,
        ofm_region: None,
        status: "OPEN".to_owned(),
        switchboard: None,
        duty_phone: None,
        email: None,
        website: None,
        opened_on: None,
        protective_need: None,
        guard_posture: None,
        analyst_note: None,
        source_ids: "[]".to_owned(),
        imported: None,
    };
    put(work, row).await;
    work.touch(Kind::Mission, id(Kind::Mission, slot));
}

pub async fn put_premises(work: &mut Work, slot: u8, mission: u8, kind: &str) {
    let row = premises::Model {
        id: id(Kind::Premises, slot),
        mission_id: id(Kind::Mission, mission),
        kind: kind.to_owned(),
        address: None,
        latitude: None,
        longitude: None,
    };
    put(work, row).await;
    work.touch(Kind::Premises, id(Kind::Premises, slot));
}

pub async fn put_contact(work: &mut Work, slot: u8, mission: u8) {
    let row = security_contact::Model {
        id: id(Kind::SecurityContact, slot),
        mission_id: id(Kind::Mission, mission),
        function: "SECURITY_OFFICER".to_owned(),
        name: "A Contact".to_owned(),
        title: None,
        work_phone: None,
        work_email: None,
        after_hours_phone: None,
        vetted_until: None,
        is_primary: true,
    };
    put(work, row).await;
    work.touch(Kind::SecurityContact, id(Kind::SecurityContact, slot));
}

pub async fn put_liaison(work: &mut Work, slot: u8, agency: u8) {
    let row = liaison::Model {
        id: id(Kind::Liaison, slot),
        agency_id: id(Kind::Agency, agency),
        unit: None,
        name: "A Liaison".to_owned(),
        desk_phone: None,
        mobile_phone: None,
        email: None,
        sworn: true,
        cfr28_certified: false,
    };
    put(work, row).await;
    work.touch(Kind::Liaison, id(Kind::Liaison, slot));
}

/// Links or unlinks a liaison and a mission.
pub async fn serve(work: &mut Work, liaison: u8, mission: u8, on: bool) {
    let link =
        liaison_mission::Model { liaison_id: id(Kind::Liaison, liaison), mission_id: id(Kind::Mission, mission) };
    liaison_mission::Entity::delete_by_id((link.liaison_id.clone(), link.mission_id.clone()))
        .exec(work.rows())
        .await
        .expect("the link goes");
    if on {
        liaison_mission::Entity::insert(link.into_active_model())
            .exec_without_returning(work.rows())
            .await
            .expect("the link comes");
    }
    work.touch(Kind::Liaison, id(Kind::Liaison, liaison));
    work.touch(Kind::Mission, id(Kind::Mission, mission));
}

/// A LOW, AMBER concern raised by agency 0 about a mission.
pub fn concern(slot: u8, mission: u8) -> concern::Model {
    concern::Model {
        id: id(Kind::Concern, slot),
        reference: format!("C-2026-{slot:06}"),
        kind: "CONCERN".to_owned(),
        category: "THREAT".to_owned(),
        nibrs_code: None,
        severity: "LOW".to_owned(),
        status: "SUBMITTED".to_owned(),
        mission_id: id(Kind::Mission, mission),
        premises_id: None,
        title: "A title".to_owned(),
        narrative: "A narrative".to_owned(),
        occurred_at: None,
        latitude: None,
        longitude: None,
        origin_agency_id: id(Kind::Agency, 0),
        origin_mission_id: None,
        reporter_id: None,
        reporter_pseudonym: None,
        subjects: "[]".to_owned(),
        owner_id: None,
        incident_area: None,
        tlp: "AMBER".to_owned(),
        cui: None,
        opened_at: THEN.to_owned(),
        changes: 0,
        handovers: 0,
        duplicate_of_id: None,
        visit_id: None,
        clock: None,
        next_due_at: None,
        clock_rest: None,
    }
}

pub async fn put_concern(work: &mut Work, row: concern::Model) {
    // The mission that it was about before, should it be another.
    if let Some(before) = stored_concern(work, &row.id).await {
        work.touch(Kind::Mission, before.mission_id);
    }
    work.touch(Kind::Concern, row.id.clone());
    put(work, row).await;
}

pub async fn stored_concern(work: &Work, id: &str) -> Option<concern::Model> {
    concern::Entity::find_by_id(id).one(work.rows()).await.expect("the concern is read")
}

/// A share of a concern to agency 1, of DCP, up to AMBER, without end.
pub fn share(slot: u8, concern: u8) -> share::Model {
    share::Model {
        id: id(Kind::Share, slot),
        concern_id: id(Kind::Concern, concern),
        agency_id: Some(id(Kind::Agency, 1)),
        person_id: None,
        tier_cap: "DCP".to_owned(),
        tlp_cap: "AMBER".to_owned(),
        reason: "Needs to know".to_owned(),
        shared_at: THEN.to_owned(),
        expires_at: None,
        revoked_at: None,
    }
}

pub async fn put_share(work: &mut Work, row: share::Model) {
    if let Some(before) = share::Entity::find_by_id(&row.id).one(work.rows()).await.expect("the share is read") {
        work.touch(Kind::Concern, before.concern_id);
    }
    work.touch(Kind::Share, row.id.clone());
    put(work, row).await;
}

pub async fn put_referral(work: &mut Work, slot: u8, concern: u8, agency: u8, status: &str) {
    let row = referral::Model {
        id: id(Kind::Referral, slot),
        concern_id: id(Kind::Concern, concern),
        agency_id: id(Kind::Agency, agency),
        status: status.to_owned(),
        case_number: None,
        due_at: None,
        offered_at: THEN.to_owned(),
    };
    if let Some(before) = referral::Entity::find_by_id(&row.id).one(work.rows()).await.expect("the referral is read") {
        work.touch(Kind::Concern, before.concern_id);
    }
    put(work, row).await;
    work.touch(Kind::Referral, id(Kind::Referral, slot));
}

pub async fn put_entry(work: &mut Work, slot: u8, concern: u8, audience: &str, agencies: &[u8]) {
    let row = entry::Model {
        id: id(Kind::Entry, slot),
        concern_id: id(Kind::Concern, concern),
        kind: "COMMENT".to_owned(),
        author_id: None,
        audience: audience.to_owned(),
        tlp: "AMBER".to_owned(),
        body: None,
        at: THEN.to_owned(),
        to_status: None,
        to_severity: None,
    };
    put(work, row).await;
    for agency in agencies {
        let named = entry_audience::Model { entry_id: id(Kind::Entry, slot), agency_id: id(Kind::Agency, *agency) };
        entry_audience::Entity::insert(named.into_active_model())
            .on_conflict(
                OnConflict::columns([entry_audience::Column::EntryId, entry_audience::Column::AgencyId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(work.rows())
            .await
            .expect("the audience goes in");
    }
    work.touch(Kind::Entry, id(Kind::Entry, slot));
}

/// Adds a piece of evidence by the entry of the slot, if there is one.
pub async fn put_evidence(work: &mut Work, slot: u8) {
    let by = entry::Entity::find_by_id(id(Kind::Entry, slot)).one(work.rows()).await.expect("the entry is read");
    let Some(by) = by else { return };
    let row = evidence::Model {
        id: id(Kind::Evidence, slot),
        concern_id: by.concern_id,
        entry_id: by.id,
        name: "A photograph".to_owned(),
        sha256: "0f".repeat(32),
        pointer: "safe 3".to_owned(),
        tlp: "AMBER".to_owned(),
        added_at: THEN.to_owned(),
        added_by_id: None,
    };
    put(work, row).await;
    work.touch(Kind::Evidence, id(Kind::Evidence, slot));
}

/// Deletes a concern with what hangs on it.
pub async fn drop_concern(work: &mut Work, slot: u8) {
    let id = id(Kind::Concern, slot);
    let Some(before) = stored_concern(work, &id).await else { return };
    work.touch(Kind::Mission, before.mission_id);
    let db = work.rows();
    let entries = entry::Entity::find().filter(entry::Column::ConcernId.eq(&id)).all(db).await.expect("entries");
    let shares = share::Entity::find().filter(share::Column::ConcernId.eq(&id)).all(db).await.expect("shares");
    let referrals =
        referral::Entity::find().filter(referral::Column::ConcernId.eq(&id)).all(db).await.expect("referrals");
    let by: Vec<&str> = entries.iter().map(|row| row.id.as_str()).collect();
    let pieces = evidence::Entity::find().filter(evidence::Column::EntryId.is_in(by)).all(db).await.expect("evidence");
    for row in &pieces {
        evidence::Entity::delete_by_id(&row.id).exec(db).await.expect("the evidence goes");
    }
    entry::Entity::delete_many().filter(entry::Column::ConcernId.eq(&id)).exec(db).await.expect("entries go");
    share::Entity::delete_many().filter(share::Column::ConcernId.eq(&id)).exec(db).await.expect("shares go");
    referral::Entity::delete_many().filter(referral::Column::ConcernId.eq(&id)).exec(db).await.expect("they go");
    concern::Entity::delete_by_id(&id).exec(db).await.expect("the concern goes");
    for row in pieces {
        work.touch(Kind::Evidence, row.id);
    }
    for row in entries {
        work.touch(Kind::Entry, row.id);
    }
    for row in shares {
        work.touch(Kind::Share, row.id);
    }
    for row in referrals {
        work.touch(Kind::Referral, row.id);
    }
    work.touch(Kind::Concern, id);
}

/// Deletes a share.
pub async fn drop_share(work: &mut Work, slot: u8) {
    let id = id(Kind::Share, slot);
    let Some(before) = share::Entity::find_by_id(&id).one(work.rows()).await.expect("the share is read") else {
        return;
    };
    share::Entity::delete_by_id(&id).exec(work.rows()).await.expect("the share goes");
    work.touch(Kind::Share, id);
    work.touch(Kind::Concern, before.concern_id);
}

/// Deletes premises and a contact.
pub async fn drop_place(work: &mut Work, slot: u8) {
    let (premises, contact) = (id(Kind::Premises, slot), id(Kind::SecurityContact, slot));
    premises::Entity::delete_by_id(&premises).exec(work.rows()).await.expect("the premises go");
    security_contact::Entity::delete_by_id(&contact).exec(work.rows()).await.expect("the contact goes");
    work.touch(Kind::Premises, premises);
    work.touch(Kind::SecurityContact, contact);
}
