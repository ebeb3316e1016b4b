//! The rows around a point, nearest first. Only rows whose coordinates are readable take part: a distance says where
//! a row is.

use super::{Arguments, Planner, Tiers, all, columns::Columns, object::Row};
use crate::{
    access::{Kind, Tier},
    error::{Code, Error, Result},
    model::definition,
    read::{
        collect::Picked,
        geodesy::{Axis, Coefficient, FARTHEST, SHORTEST_DEGREE},
        sql::{Bind, BindType, Source},
        value::{Arg, Value},
    },
};

/// Rows when `first` is not given.
const DEFAULT_NEAREST: i64 = 20;

/// The point and how far around it, as parameters.
struct Circle {
    latitude: String,
    longitude: String,
    radius: String,
    /// Metres per degree, as series around the latitude: north and east.
    metres: [[String; 3]; 2],
}

impl<'a> Planner<'a> {
    /// The rows of a type around a point, with their distances.
    pub(super) fn near(&mut self, kind: Kind, arguments: &Arguments, field: &Picked<'a>) -> Result<String> {
        let circle = self.circle(arguments)?;
        let default = Arg::Fixed(Value::Int(DEFAULT_NEAREST));
        let longest =
            Bind { source: arguments.get("first").unwrap_or(&default).source(), ty: BindType::PageSize("first") };
        let size = self.binds.add(longest.source.clone(), longest.ty);

        let vicinity = format!("{}Vicinity", kind.name());
        let mut row = Row::new(kind, self.alias());
        let mut fields = Vec::new();
        for field in self.below(field, &[&vicinity])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&vicinity),
                "totalCount" => {
                    self.cost.row();
                    "count(*)".to_owned()
                }
                "nearest" => {
                    let around = self.enter_list();
                    let nearest = self.nearest(&mut row, &size, &field)?;
                    self.leave_list(around, Some(longest.clone()));
                    nearest
                }
                name => return Err(unknown(&vicinity, name)),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);

        let base = self.alias();
        let conditions = self.in_band(kind, &base, &circle, arguments.get("filter"))?;
        let table = definition(kind).table;
        let inner = self.alias();
        let tiers = if row.tiers_used {
            format!(", {} as tiers", self.tiers_of(kind, &inner, row.packed))
        } else {
            String::new()
        };
        let away = [("latitude", &circle.latitude, "north"), ("longitude", &circle.longitude, "east")]
            .map(|(column, from, way)| format!("{base}.{column} - {from} as {way}"));
        let by_id = format!("{inner}.id");
        let columns = Columns::named(&row.alias, &[&object]).and(&inner, &[&tiers, &by_id]).select(&base, &away);
        let degrees = format!("select {columns} from {table} {base}{}", all(&conditions));
        let measured = self.measured(&degrees, &circle);
        Ok(format!(
            "(select {object} from (select {inner}.*{tiers}, row_number() over (order by {inner}.distance, {inner}.id) as rn from ({measured}) {inner} where {inner}.distance <= {radius}) {outer})",
            radius = circle.radius,
            outer = row.alias,
        ))
    }

    fn circle(&mut self, arguments: &Arguments) -> Result<Circle> {
        let argument = |name: &'static str| {
            arguments.get(name).map(Arg::source).ok_or_else(|| Error::input(format!("{name}: expected a number")))
        };
        let (latitude, longitude) = (argument("latitude")?, argument("longitude")?);
        let mut coefficient = |axis, power| {
            let latitude = Box::new(latitude.clone());
            let coefficient = Coefficient { axis, power };
            self.binds.add(Source::Around { latitude, coefficient }, BindType::Float)
        };
        let metres = [Axis::North, Axis::East].map(|axis| [0, 1, 2].map(|power| coefficient(axis, power)));
        Ok(Circle {
            metres,
            latitude: self.binds.add(latitude, BindType::Within("latitude", -90, 90)),
            longitude: self.binds.add(longitude, BindType::Within("longitude", -180, 180)),
            radius: self.binds.add(argument("radiusMeters")?, BindType::Within("radiusMeters", 0, FARTHEST)),
        })
    }

    /// The conditions on a row: its latitude in the band that the circle lies in (by the index on coordinates), its
    /// coordinates readable, itself visible, and the filter.
    fn in_band(&mut self, kind: Kind, alias: &str, circle: &Circle, filter: Option<&Arg>) -> Result<Vec<String>> {
        let Circle { latitude, radius, .. } = circle;
        let ty = definition(kind);
        let mut conditions = vec![
            format!("{alias}.latitude >= {latitude} - {radius} / {SHORTEST_DEGREE:.1}"),
            format!("{alias}.latitude <= {latitude} + {radius} / {SHORTEST_DEGREE:.1}"),
            format!("{alias}.longitude is not null"),
        ];
        conditions.extend(self.visible(kind, alias));
        let mut tiers: Vec<Tier> = Vec::new();
        for name in ["latitude", "longitude"] {
            // A field without a tier is denied to everyone.
            let tier = ty.field(name).and_then(|field| ty.tier(field));
            tiers.push(tier.ok_or_else(|| Error::internal("coordinates without a tier"))?);
        }
        tiers.dedup();
        for tier in tiers {
            conditions.extend(self.opened(kind, tier, Tiers::Of(alias)));
        }
        if let Some(filter) = filter {
            conditions.push(self.filter(kind, alias, filter)?);
        }
        Ok(conditions)
    }

    fn nearest(&mut self, row: &mut Row, size: &str, field: &Picked<'a>) -> Result<String> {
        let name = format!("{}Distance", row.kind.name());
        let mut fields = Vec::new();
        for field in self.below(field, &[&name])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&name),
                "distanceMeters" => self.dialect.whole(&format!("{}.distance", row.alias)),
                "node" => {
                    let picked = self.below(&field, &[row.kind.name(), "Node"])?;
                    self.object(row, &picked)?
                }
                other => return Err(unknown(&name, other)),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        let place = format!("{}.rn", row.alias);
        Ok(self.dialect.json(&self.dialect.list(&object, &place, &format!("{place} <= {size}"))))
    }

    /// Rows with `north` and `east` in degrees, given a `distance` in metres.
    fn measured(&self, degrees: &str, circle: &Circle) -> String {
        let series =
            |[c0, c1, c2]: &[String; 3]| format!("({c0} + {c1} * (a.north / 2) + {c2} * (a.north * a.north / 4))");
        let [north, east] = &circle.metres;
        // The short way round the antimeridian.
        let short = "(case when a.east > 180 then a.east - 360 when a.east < -180 then a.east + 360 else a.east end)";
        let metres = format!(
            "select a.*, a.north * {} as dy, {short} * {} as dx from ({degrees}) a",
            series(north),
            series(east),
        );
        self.dialect.distances(&metres)
    }
}

fn unknown(ty: &str, name: &str) -> Error {
    Error::new(Code::GraphqlValidationFailed, format!("type {ty} has no field \"{name}\""))
}
