//! What happens to people of a post: reported, worked on, and written down entry by entry.

mod workflow;

use entity::{incident, incident_entry, post};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use time::Duration;

use self::workflow::{REOPENED_WITHIN_DAYS, Status};
use super::{
    command::{Act, Input, refused},
    parts::{found, room},
    reference,
};
use crate::{
    access::{Command, Cui, Kind, Tlp, consent},
    clock::instant,
    error::{Code, Error, Result},
};

/// Entries of an incident beyond which nothing is only said, or made more or less bad: it may still be marked, and come to an end.
const MOST: u64 = 10_000;

/// An incident on which something is done that is legal where it stands.
struct Handling {
    row: incident::Model,
    set: incident::ActiveModel,
    to: Status,
}

impl Handling {
    async fn on(act: &mut Act<'_>, input: &Input) -> Result<Self> {
        let seen = act.on(input, "incidentId").await?;
        let row = found::<incident::Entity>(act, &seen).await?;
        let from = Status::of_row(&row.status)
            .ok_or_else(|| Error::internal(format!("an incident with the status {}", row.status)))?;
        let to = workflow::step(act.command(), from).ok_or_else(|| {
            let is_legal = |command| workflow::step(command, from).is_some();
            act.illegal(&seen.sight, Kind::Incident, from.name(), is_legal)
        })?;
        act.touch(Kind::Incident, &row.id);
        Ok(Self { set: row.clone().into_active_model(), row, to })
    }

    /// Writes an entry, under the stricter of the incident's markings before and after.
    async fn write(&self, act: &mut Act<'_>, kind: &str, body: Option<String>) -> Result<()> {
        let after = self.set.tlp.try_as_ref().map_or(Tlp::Red, |tlp| Tlp::of_row(tlp));
        let is_step = kind == "STATUS";
        let entry = incident_entry::Model {
            id: act.new_id(),
            incident_id: self.row.id.clone(),
            kind: kind.to_owned(),
            author_id: act.principal().person().to_owned(),
            tlp: Tlp::of_row(&self.row.tlp).max(after).name().to_owned(),
            body,
            at: act.at(),
            to_status: is_step.then(|| self.to.name().to_owned()),
            to_severity: (kind == "SEVERITY").then(|| self.set.severity.try_as_ref().cloned()).flatten(),
        };
        let entry = entry.into_active_model().insert(act.rows()).await?;
        act.touch(Kind::IncidentEntry, &entry.id);
        Ok(())
    }

    async fn save(self, act: &mut Act<'_>) -> Result<Vec<String>> {
        if self.set.is_changed() {
            self.set.update(act.rows()).await?;
        }
        Ok(act.changed(&[("incident", &self.row.id)]))
    }
}

/// Reports one.
pub async fn report(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let seen = act.on(input, "postId").await?;
    let post = found::<post::Entity>(act, &seen).await?;
    let tlp: Tlp = input.text("tlp").and_then(|name| name.parse().ok()).unwrap_or(Tlp::Amber);
    let row = incident::Model {
        id: act.new_id(),
        reference: reference::free(act, incident::Column::Reference, reference::new_of_incident).await?,
        post_id: post.id,
        setting: input.must("setting"),
        category: input.must("category"),
        severity: input.must("severity"),
        status: Status::Reported.name().to_owned(),
        tlp: tlp.name().to_owned(),
        title: input.must("title"),
        narrative: input.must("narrative"),
        occurred_at: input.maybe("occurredAt"),
        place: input.maybe("place"),
        reporter_id: act.principal().person().to_owned(),
        opened_at: act.at(),
        resolved_at: None,
        closed_at: None,
    };
    let row = row.into_active_model().insert(act.rows()).await?;
    act.touch(Kind::Incident, &row.id);
    let changed = act.changed(&[("post", &row.post_id), ("incident", &row.id)]);
    let handling = Handling { set: row.clone().into_active_model(), row, to: Status::Reported };
    handling.write(act, "STATUS", None).await?;
    Ok(changed)
}

/// Says something.
pub async fn comment(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let handling = Handling::on(act, input).await?;
    room(act, (incident_entry::Column::IncidentId, &handling.row.id), MOST).await?;
    handling.write(act, "COMMENT", input.maybe("body")).await?;
    handling.save(act).await
}

/// Goes where the command leads.
pub async fn advance(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut handling = Handling::on(act, input).await?;
    if act.command() == Command::ReopenIncident {
        let earliest = instant(act.now().saturating_sub(Duration::days(REOPENED_WITHIN_DAYS)));
        if handling.row.closed_at.as_ref().is_none_or(|closed_at| *closed_at < earliest) {
            let message = format!("it was closed more than {REOPENED_WITHIN_DAYS} days ago: report a new one");
            return Err(Error::new(Code::Conflict, message).with("status", handling.row.status.into()));
        }
    }
    let at = act.at();
    let set = &mut handling.set;
    set.status = Set(handling.to.name().to_owned());
    match handling.to {
        Status::Reported | Status::InProgress => (set.resolved_at, set.closed_at) = (Set(None), Set(None)),
        Status::Resolved => set.resolved_at = Set(Some(at)),
        Status::Closed => set.closed_at = Set(Some(at)),
    }
    handling.write(act, "STATUS", input.maybe("body")).await?;
    handling.save(act).await
}

/// Changes how bad it is.
pub async fn set_severity(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut handling = Handling::on(act, input).await?;
    room(act, (incident_entry::Column::IncidentId, &handling.row.id), MOST).await?;
    let severity = input.must("severity");
    if severity == handling.row.severity {
        return Err(Error::new(Code::Conflict, format!("input.severity: it is {severity}")));
    }
    handling.set.severity = Set(severity);
    handling.write(act, "SEVERITY", input.maybe("body")).await?;
    handling.save(act).await
}

/// Changes its marking: to loosen it takes the consent of who reported it, who gives it by doing so.
pub async fn mark(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut handling = Handling::on(act, input).await?;
    let before = Tlp::of_row(&handling.row.tlp);
    let after: Tlp = input.text("tlp").and_then(|name| name.parse().ok()).unwrap_or(before);
    if after == before {
        return Err(Error::new(Code::Conflict, format!("input.tlp: it is {}", before.name())));
    }
    let none = Cui::default();
    let is_its_own = handling.row.reporter_id == act.principal().person();
    if consent::is_needed_to_mark((before, &none), (after, &none)) && !is_its_own && !input.has("consent") {
        return Err(refused("consent", "the consent of who reported it, as the marking is loosened"));
    }
    handling.set.tlp = Set(after.name().to_owned());
    let told = [
        Some(format!("{} → {}", before.name(), after.name())),
        input.maybe("body"),
        input.maybe("consent").map(|consent| format!("Consent: {consent}")),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    handling.write(act, "MARKING", Some(told.join("\n"))).await?;
    handling.save(act).await
}
