//! Signs that a document may be full of, each by its name.

pub const SIGNS: &[(&str, &str)] = &[
    ("quotation marks", "\""),
    ("empty block strings", "\"\"\"\"\"\""),
    ("backslashes", "\\"),
    ("at signs", "@"),
    ("dollars", "$"),
    ("colons", ":"),
    ("exclamations", "!"),
    ("dots", "."),
    ("minus signs", "-"),
    ("noughts", "0"),
    ("commas", ","),
    ("line ends", "\n"),
    ("carriage returns", "\r"),
    ("tabs", "\t"),
    ("comments", "#\n"),
    ("one comment", "#x"),
    ("byte order marks", "\u{FEFF}"),
    ("letters of four bytes", "\u{1F600}"),
    ("null bytes alone", "\u{0}"),
];
