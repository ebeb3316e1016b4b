//! The inputs of filters: which comparisons a value takes, and what may be asked of a list.

use super::{
    kit::Scalar,
    view::{InputField, InputObject, InputRef},
};
use crate::access::Kind;

/// The name of the filter on the id of a row of another type.
pub(super) const REFERENCE_FILTER: &str = "ReferenceFilter";

/// The filter on a scalar: which comparisons it takes.
pub(super) fn scalar_filter(scalar: Scalar) -> InputObject {
    let one = match scalar {
        Scalar::Enum(def) => InputRef::Enum(def.name.to_owned()),
        other => InputRef::Scalar(other.name()),
    };
    let list = InputRef::List(Box::new(InputRef::NonNull(Box::new(one.clone()))));
    let field = |name: &str, description: &str, ty: &InputRef| InputField {
        name: name.into(),
        description: description.into(),
        ty: ty.clone(),
    };
    let mut fields = vec![field("eq", "Equal to this.", &one)];
    if !matches!(scalar, Scalar::Boolean) {
        fields.push(field("in", "Equal to one of these.", &list));
    }
    if matches!(scalar, Scalar::Int | Scalar::Float | Scalar::DateTime | Scalar::Date | Scalar::String) {
        fields.push(field("gt", "Greater than this; text by code point.", &one));
        fields.push(field("gte", "Greater than or equal to this.", &one));
        fields.push(field("lt", "Less than this.", &one));
        fields.push(field("lte", "Less than or equal to this.", &one));
    }
    if matches!(scalar, Scalar::String) {
        fields.push(field("contains", "Contains this text; case counts.", &one));
        fields.push(field("startsWith", "Begins with this text; case counts.", &one));
    }
    if !matches!(scalar, Scalar::Id) {
        fields.push(is_null());
    }
    InputObject { description: format!("Which values of {}; all that is given must hold.", scalar.name()), fields }
}

fn is_null() -> InputField {
    let description = "Whether there is no value that you may read.".to_owned();
    InputField { name: "isNull".to_owned(), description, ty: InputRef::Scalar("Boolean") }
}

/// The filter on the id of a row of another type.
pub(super) fn reference_filter() -> InputObject {
    let mut filter = scalar_filter(Scalar::Id);
    filter.fields.push(is_null());
    filter
}

/// The filter on a connection.
pub(super) fn list_filter(to: Kind) -> InputObject {
    let name = to.name();
    let field = |name: &str, description: &str| InputField {
        name: name.into(),
        description: description.into(),
        ty: InputRef::Object(format!("{}Filter", to.name())),
    };
    InputObject {
        description: format!(
            "Which {name} lists, of the rows that you may see; a list that you may not read is empty. All that is given must hold."
        ),
        fields: vec![
            field("some", "At least one of them matches; `{}` asks whether there is one at all."),
            field("every", "All of them match, or there are none."),
            field("none", "None of them matches."),
        ],
    }
}
