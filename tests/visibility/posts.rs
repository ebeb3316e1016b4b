//! Posts abroad by slot.

use chancery::{access::Kind, desk::Work};
use entity::post;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::rows::{id, put};

/// A post in a state; one that it is to belong to must be there.
pub async fn put_post(work: &mut Work, slot: u8, country: u8, of: Option<u8>) {
    let mut of = of.map(|of| id(Kind::Post, of));
    if let Some(parent) = &of {
        let there = post::Entity::find_by_id(parent).one(work.rows()).await.expect("the post is read");
        of = there.map(|parent| parent.id);
    }
    let row = post::Model {
        id: id(Kind::Post, slot),
        wikidata_id: None,
        r#type: "EMBASSY".to_owned(),
        name: format!("Post {slot}"),
        country_id: id(Kind::SendingState, country),
        constituent_of_id: of,
        city: Some("Paris".to_owned()),
        latitude: None,
        longitude: None,
        status: "OPEN".to_owned(),
        phone: None,
        email: None,
        website: None,
        opened_on: None,
        source_ids: "[]".to_owned(),
        imported: None,
    };
    put(work, row).await;
    work.touch(Kind::Post, id(Kind::Post, slot));
}

/// Deletes a post to which nothing belongs any more.
pub async fn drop_post(work: &mut Work, slot: u8) {
    let id = id(Kind::Post, slot);
    post::Entity::update_many()
        .col_expr(post::Column::ConstituentOfId, Expr::value(Option::<String>::None))
        .filter(post::Column::ConstituentOfId.eq(&id))
        .exec(work.rows())
        .await
        .expect("nothing belongs to it");
    post::Entity::delete_by_id(&id).exec(work.rows()).await.expect("the post goes");
    work.touch(Kind::Post, id);
}
