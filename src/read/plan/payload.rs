//! The payload of a command: what it made or changed, as whoever did it sees it now.

use super::Planner;
use crate::{
    error::{Code, Error, Result},
    model::{
        mutation::{Holds, Mutation},
        query::ViewerSource,
    },
    read::{
        collect::Picked,
        sql::{BindType, Source},
    },
};

impl<'a> Planner<'a> {
    /// The payload of a field of `Mutation` as a JSON object.
    pub(super) fn changed(&mut self, mutation: &'static Mutation, field: &Picked<'a>) -> Result<String> {
        let ty = mutation.payload_name();
        let mut fields = Vec::new();
        for field in self.below(field, &[&ty])? {
            if field.name == "__typename" {
                fields.push((field.key.to_owned(), self.dialect.constant(&ty)));
                continue;
            }
            let known = self.view.payload(mutation).find(|have| have.name == field.name);
            let place = mutation.payload.iter().position(|have| have.name == field.name);
            let (Some(known), Some(place)) = (known, place) else {
                let message = format!("type {ty} has no field \"{}\"", field.name);
                return Err(Error::new(Code::GraphqlValidationFailed, message));
            };
            let value = match known.holds {
                Holds::Row(kind) => {
                    let row = self.binds.add(Source::Changed(place), BindType::Text);
                    let found = self.one(kind, |_, alias| format!("{alias}.id = {row}"), &field)?;
                    self.dialect.json(&found)
                }
                Holds::WatchPhone => {
                    let phone = self.binds.add(Source::Viewer(ViewerSource::WatchPhone), BindType::Text);
                    // A bare parameter has no type in PostgreSQL's JSON functions.
                    format!("cast({phone} as text)")
                }
                Holds::Notice(text) => self.dialect.constant(text),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        Ok(format!("(select {object})"))
    }
}
