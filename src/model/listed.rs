//! What lines of visibility carry of their row, so that lists begin with them.

/// Where a row stands in the lists of its type. But for `due` the columns never change.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The column of the default order's one field, an instant of the directory.
    pub at: &'static str,
    /// The column by which a list of the type hangs on another row, if there is one.
    pub under: Option<&'static str>,
    /// The column of the earliest instant at which something is owed on the row, null where nothing is, if anything ever is. This one does change.
    pub due: Option<&'static str>,
}
