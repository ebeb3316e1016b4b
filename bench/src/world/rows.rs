//! Rows on their way into a database: COPY into PostgreSQL, prepared inserts in one transaction into SQLite.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::Result;

/// Tables and the columns that are written, in an order in which references hold.
const TABLES: &[(&str, &str)] = &[
    ("us_state", "code,fips,name"),
    ("county", "fips,state,name,latitude,longitude"),
    ("sending_state", "id,iso2,iso3,name"),
    (
        "agency",
        "id,name,short_name,kind,level,state,sending_state_id,state_wide,issuer,audience,token_typ,algorithms,max_lifetime_s,roles,made_by_demo",
    ),
    ("agency_key", "agency_id,kid,jwk,added_at"),
    ("agency_area", "agency_id,area,level,source,proposed_at,confirmed_at"),
    ("person", "id,agency_id,subject,name,unit,roles,sworn,machine,cfr28_certified"),
    ("watch_shift", "id,person_id,starts_at,ends_at"),
    (
        "mission",
        "id,type,name,sending_state_id,city,state,county_fips,jurisdiction_precision,area,latitude,longitude,status,switchboard,duty_phone,email,source_ids",
    ),
    ("premises", "id,mission_id,kind,address,latitude,longitude"),
    ("security_contact", "id,mission_id,function,name,title,work_phone,work_email,after_hours_phone,is_primary"),
    ("agency_mission", "agency_id,mission_id"),
    ("portfolio", "person_id,mission_id"),
    ("liaison", "id,agency_id,unit,name,desk_phone,mobile_phone,email,sworn,cfr28_certified"),
    ("liaison_mission", "liaison_id,mission_id"),
    (
        "concern",
        "id,reference,kind,category,severity,status,mission_id,title,narrative,occurred_at,origin_agency_id,origin_mission_id,reporter_id,subjects,owner_id,tlp,cui,opened_at,changes,handovers",
    ),
    ("entry", "id,concern_id,kind,author_id,audience,tlp,body,at,to_status"),
    ("entry_audience", "entry_id,agency_id"),
    ("referral", "id,concern_id,agency_id,status,offered_at"),
    ("share", "id,concern_id,agency_id,tier_cap,tlp_cap,reason,shared_at"),
];

/// Bytes of one table that are gathered before all are written.
const GATHERED: usize = 8 << 20;

/// Where rows go.
pub struct Sink {
    to: To,
    /// By table, rows in the text format of COPY.
    gathered: Vec<String>,
}

enum To {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Sink {
    /// Into PostgreSQL.
    pub fn postgres(connection: PgConnection) -> Self {
        Self { to: To::Postgres(connection), gathered: vec![String::new(); TABLES.len()] }
    }

    /// Into SQLite, in one transaction that [`Sink::flush`] ends.
    pub async fn sqlite(mut connection: SqliteConnection) -> Result<Self> {
        // Rows come in an order of their own: references hold at the end.
        sqlx::raw_sql("begin immediate; pragma defer_foreign_keys = on").execute(&mut connection).await?;
        Ok(Self { to: To::Sqlite(connection), gathered: vec![String::new(); TABLES.len()] })
    }

    /// A row of a table: its columns in the order of the table above.
    pub async fn row(&mut self, table: &str, values: &[Option<&str>]) -> Result<()> {
        let place = TABLES.iter().position(|(name, _)| *name == table).ok_or_else(|| format!("no table {table}"))?;
        let columns = TABLES.get(place).map_or(0, |(_, columns)| columns.split(',').count());
        if columns != values.len() {
            return Err(format!("{table}: {} values for {columns} columns", values.len()).into());
        }
        if let To::Sqlite(connection) = &mut self.to {
            let (_, columns) = TABLES.get(place).copied().unwrap_or_default();
            let marks = vec!["?"; values.len()].join(",");
            let sql = AssertSqlSafe(format!("insert into {table} ({columns}) values ({marks})"));
            let mut query = sqlx::query(sql);
            for value in values {
                // A boolean is a number there; no other text of this world is one of the two.
                let value = match *value {
                    Some("true") => Some("1"),
                    Some("false") => Some("0"),
                    other => other,
                };
                query = query.bind(value.map(str::to_owned));
            }
            query.execute(connection).await?;
            return Ok(());
        }
        let Some(text) = self.gathered.get_mut(place) else { return Ok(()) };
        for (column, value) in values.iter().enumerate() {
            if column > 0 {
                text.push('\t');
            }
            match value {
                // No text of this world holds a tab, a line's end or a backslash.
                Some(value) => text.push_str(value),
                None => text.push_str("\\N"),
            }
        }
        text.push('\n');
        if text.len() > GATHERED {
            self.copy().await?;
        }
        Ok(())
    }

    /// Writes what was gathered and, on SQLite, commits.
    pub async fn flush(&mut self) -> Result<()> {
        if let To::Sqlite(connection) = &mut self.to {
            sqlx::raw_sql("commit").execute(connection).await?;
            return Ok(());
        }
        self.copy().await
    }

    async fn copy(&mut self) -> Result<()> {
        let To::Postgres(connection) = &mut self.to else { return Ok(()) };
        for ((table, columns), text) in TABLES.iter().zip(&mut self.gathered) {
            if !text.is_empty() {
                let mut copy = connection.copy_in_raw(&format!("copy {table} ({columns}) from stdin")).await?;
                copy.send(text.as_bytes()).await?;
                copy.finish().await?;
                text.clear();
            }
        }
        Ok(())
    }

    /// Closes the connection.
    pub async fn close(self) -> Result<()> {
        match self.to {
            To::Postgres(connection) => connection.close().await?,
            To::Sqlite(connection) => connection.close().await?,
        }
        Ok(())
    }
}
