//! Missions, contacts, liaisons.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use entity::{liaison, mission, security_contact, sending_state};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection};

use crate::{
    concern::{ConcernConnection, newest},
    loaders::{ContactsOf, LiaisonsOf, LinesOf, Loader, StateById},
    viewer::{C, Kind, Viewer},
};

/// Whether there is more.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// There is.
    pub has_next_page: bool,
    /// Behind the last.
    pub end_cursor: Option<String>,
}

/// A foreign mission.
pub struct Mission(pub mission::Model);
/// A contact.
pub struct SecurityContact(pub security_contact::Model);
/// A liaison.
pub struct Liaison(pub liaison::Model);
/// A sending state.
pub struct SendingState(pub sending_state::Model);

/// Missions.
#[derive(SimpleObject)]
pub struct MissionConnection {
    /// They.
    pub nodes: Vec<Mission>,
    /// Whether there are more.
    pub page_info: PageInfo,
}

/// Contacts.
#[derive(SimpleObject)]
pub struct SecurityContactConnection {
    /// They.
    pub nodes: Vec<SecurityContact>,
}

/// Liaisons.
#[derive(SimpleObject)]
pub struct LiaisonConnection {
    /// They.
    pub nodes: Vec<Liaison>,
}

/// What is open of a row.
pub async fn tiers(ctx: &Context<'_>, kind: Kind, row: &str) -> Result<i16> {
    let viewer = ctx.data::<Arc<Viewer>>()?;
    let always = viewer.always(kind);
    if always & C != 0 {
        return Ok(always);
    }
    let loader = ctx.data::<DataLoader<Loader>>()?;
    let lines = loader.load_one(LinesOf(row.to_owned())).await?.unwrap_or_default();
    Ok(lines.iter().fold(always, |open, line| open | (viewer.opens(kind, line.ground) & line.cap)))
}

#[Object]
impl Mission {
    /// Its global id.
    pub async fn id(&self) -> ID {
        format!("mission_{}", self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn r#type(&self) -> &str {
        &self.0.r#type
    }

    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    async fn state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    async fn switchboard(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let open = tiers(ctx, Kind::Mission, &self.0.id).await? & C != 0;
        Ok(self.0.switchboard.as_deref().filter(|_| open))
    }

    async fn duty_phone(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let open = tiers(ctx, Kind::Mission, &self.0.id).await? & C != 0;
        Ok(self.0.duty_phone.as_deref().filter(|_| open))
    }

    async fn sending_state(&self, ctx: &Context<'_>) -> Result<Option<SendingState>> {
        let Some(id) = &self.0.sending_state_id else { return Ok(None) };
        let loader = ctx.data::<DataLoader<Loader>>()?;
        Ok(loader.load_one(StateById(id.clone())).await?.map(SendingState))
    }

    async fn security_contacts(&self, ctx: &Context<'_>, first: usize) -> Result<SecurityContactConnection> {
        let loader = ctx.data::<DataLoader<Loader>>()?;
        let mut contacts = loader.load_one(ContactsOf(self.0.id.clone())).await?.unwrap_or_default();
        contacts.sort_by_key(|contact| rank(&contact.function));
        Ok(SecurityContactConnection { nodes: contacts.into_iter().take(first).map(SecurityContact).collect() })
    }

    async fn liaisons(&self, ctx: &Context<'_>, first: usize) -> Result<LiaisonConnection> {
        let loader = ctx.data::<DataLoader<Loader>>()?;
        let liaisons = loader.load_one(LiaisonsOf(self.0.id.clone())).await?.unwrap_or_default();
        Ok(LiaisonConnection { nodes: liaisons.into_iter().take(first).map(Liaison).collect() })
    }

    // A loader cannot say "the first three of each": so this is a statement for each mission.
    async fn concerns(&self, ctx: &Context<'_>, first: u64) -> Result<ConcernConnection> {
        let (viewer, database) = (ctx.data::<Arc<Viewer>>()?, ctx.data::<DatabaseConnection>()?);
        let mine = Condition::all().add(entity::concern::Column::MissionId.eq(self.0.id.clone()));
        newest(database, viewer, mine, first, None).await
    }
}

#[Object]
impl SendingState {
    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn iso2(&self) -> Option<&str> {
        self.0.iso2.as_deref()
    }
}

#[Object]
impl SecurityContact {
    async fn id(&self) -> ID {
        format!("contact_{}", self.0.id).into()
    }

    async fn function(&self) -> &str {
        &self.0.function
    }

    // Every ground that shows a contact to whoever asks here shows its name.
    async fn name(&self) -> Option<&str> {
        Some(&self.0.name)
    }

    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    async fn work_phone(&self) -> Option<&str> {
        self.0.work_phone.as_deref()
    }
}

#[Object]
impl Liaison {
    async fn id(&self) -> ID {
        format!("liaison_{}", self.0.id).into()
    }

    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn desk_phone(&self) -> Option<&str> {
        self.0.desk_phone.as_deref()
    }
}

fn rank(function: &str) -> usize {
    const ORDER: [&str; 6] = [
        "CHIEF_OF_SECURITY",
        "DUTY_OFFICER",
        "DEPUTY_CHIEF_OF_MISSION",
        "DEFENSE_ATTACHE",
        "POLICE_LIAISON",
        "FACILITIES",
    ];
    ORDER.iter().position(|known| *known == function).unwrap_or(ORDER.len())
}
