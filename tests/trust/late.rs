//! A registry that is read slowly, while it changes.

use std::sync::Arc;

use chancery::{
    desk::registry,
    identity::{InlineKeys, Jwks, KeySource, Registry},
    store::Engine,
};
use rstest::rstest;
use tokio::sync::Semaphore;

use super::world::World;

/// Inline keys, of which the first answer is held back until it is let go.
struct Slow {
    inline: InlineKeys,
    first: Semaphore,
    asked: Arc<Semaphore>,
    let_go: Arc<Semaphore>,
}

impl KeySource for Slow {
    fn jwks<'a>(&'a self, agency: &'a str) -> Jwks<'a> {
        Box::pin(async move {
            let keys = self.inline.jwks(agency).await;
            if let Ok(first) = self.first.try_acquire() {
                first.forget();
                self.asked.add_permits(1);
                self.let_go.acquire().await.unwrap().forget();
            }
            keys
        })
    }
}

#[rstest]
#[tokio::test]
async fn what_was_read_before_a_change_is_not_used_after_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut world = World::new(engine).await;
    let (asked, let_go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let slow = Slow {
        inline: InlineKeys::new(world.db.store.orm.clone()),
        first: Semaphore::new(1),
        asked: Arc::clone(&asked),
        let_go: Arc::clone(&let_go),
    };
    world.registry = Registry::open_with(&world.db.store, &world.db.clock, Box::new(slow)).await.unwrap();
    let token = world.draft(0).token();
    let change = async {
        // The agency's row was read; now it is suspended, and others bring the registry to the new version.
        asked.acquire().await.unwrap().forget();
        world
            .change(async |work| {
                let agency = registry::agency(work.rows(), "A0").await.unwrap();
                assert!(registry::suspend(work, agency).await.unwrap());
            })
            .await;
        world.notice();
        let other = world.ask(&world.draft(1).token()).await.unwrap();
        let_go.add_permits(1);
        other.standing_version()
    };
    let (late, version) = tokio::join!(world.ask(&token), change);
    let late = late.expect("it was asked before the suspension");
    assert!(late.standing_version() < version, "a statement that sees the new version throws its answer away");
    assert_eq!(world.ask(&token).await.unwrap_err(), "agency suspended", "what came late is not remembered");
}
