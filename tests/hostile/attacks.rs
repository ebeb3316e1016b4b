//! Bodies made to cost much more than they weigh. `tests/hostile/cost.rs` asserts what they take of memory,
//! `benches/hostile` measures their time.

#[path = "signs.rs"]
mod signs;

use serde_json::json;

/// The largest body.
pub const LARGEST: usize = 256 * 1024;
/// What a document may have of text for its body to be taken.
const ROOM: usize = LARGEST - 1024;

/// One body.
pub struct Attack {
    pub name: &'static str,
    text: String,
    is_document: bool,
}

impl Attack {
    /// The body, in the n-th of its forms: white space differs, so no cache knows it.
    pub fn body(&self, number: usize) -> Vec<u8> {
        let space = " \n".repeat(number + 1);
        if self.is_document {
            json!({ "query": format!("{space}{}", self.text) }).to_string().into_bytes()
        } else {
            format!("{space}{}", self.text).into_bytes()
        }
    }
}

/// As often as there is room for.
fn filled(unit: &str) -> String {
    unit.repeat(ROOM / json!(unit).to_string().len().saturating_sub(2).max(1))
}

/// So many, numbered.
fn each(number: usize, of: impl Fn(usize) -> String) -> String {
    (0..number).map(of).collect()
}

/// Of selections in inline fragments, one in the other.
fn inlined(depth: usize, inner: &str) -> String {
    format!("{{ viewer {{ {}{inner}{} }} }}", "...{".repeat(depth), "}".repeat(depth))
}

fn document(name: &'static str, text: impl Into<String>) -> Attack {
    Attack { name, text: text.into(), is_document: true }
}

fn body(name: &'static str, text: impl Into<String>) -> Attack {
    Attack { name, text: text.into(), is_document: false }
}

/// All of them.
pub fn all() -> Vec<Attack> {
    [fragments(), repetition(), overlaps(), errors(), values(), tokens(), introspection(), bodies(), within()]
        .into_iter()
        .flatten()
        .collect()
}

fn fragments() -> Vec<Attack> {
    let chain = |root: &str, number: usize, last: &str| {
        let next = |n: usize| if n + 1 == number { last.to_owned() } else { format!("...F{}", n + 1) };
        format!("{root}{}", each(number, |n| format!("fragment F{n} on Viewer{{{}}}", next(n))))
    };
    let doubled = |number: usize| {
        let twice = |n: usize| if n + 1 == number { "role".into() } else { format!("...F{0} ...F{0}", n + 1) };
        format!("{{viewer{{...F0}}}}{}", each(number, |n| format!("fragment F{n} on Viewer{{{}}}", twice(n))))
    };
    let tower = |root: &str| {
        let next = |n: usize| if n == 98 { "role".into() } else { format!("...F{}", n + 1) };
        let story = |n: usize| format!("fragment F{n} on Viewer{{{}{}{}}}", "...{".repeat(13), next(n), "}".repeat(13));
        format!("{{viewer{{{root}}}}}{}", each(99, story))
    };
    vec![
        document("fragments doubled, 860 bytes", doubled(23)),
        document("fragments doubled, 90", doubled(90)),
        document("a chain of fragments", chain("{viewer{...F0}}", 8_000, "role")),
        document("a chain of fragments that nothing uses", chain("{viewer{role}}", 8_000, "role")),
        document("a ring of fragments", chain("{viewer{...F0}}", 8_000, "...F0")),
        document("a chain of 100 fragments", chain("{viewer{...F0}}", 100, "role")),
        document("a tower of fragments", tower("...F0")),
        document("a tower measured from below", tower(&each(99, |n| format!("...F{}", 98 - n)))),
        document("each fragment spreads all", {
            let all = each(60, |n| format!("...F{n} "));
            format!("{{viewer{{{all}}}}}{}", each(60, |n| format!("fragment F{n} on Viewer{{{all}}}")))
        }),
        document("spreads without a space", format!("{{viewer{{{}}}}} fragment F on Viewer{{role}}", filled("...F"))),
    ]
}

fn repetition() -> Vec<Attack> {
    vec![
        document("aliases", format!("{{viewer{{{}}}}}", each(22_000, |n| format!("a{n}:role ")))),
        document("one field", format!("{{viewer{{{}}}}}", filled("role "))),
        document("operations without a name", filled("{viewer{role}}")),
        document("operations", each(10_000, |n| format!("query q{n}{{viewer{{role}}}}"))),
        document("operations that spread one fragment", {
            let fields = "role ".repeat(2_400);
            format!("{} fragment F on Viewer{{{fields}}}", each(300, |n| format!("query q{n}{{viewer{{...F}}}}")))
        }),
        document("directives", format!("{{viewer{{role {}}}}}", filled("@skip(if:false)"))),
        document("directives that nobody knows", format!("{{viewer{{role {}}}}}", "@a".repeat(2_400))),
        document("variables", format!("query({}){{viewer{{role}}}}", each(14_000, |n| format!("$v{n}:Int ")))),
        document("twenty operations that spread one fragment", {
            let fields = "role ".repeat(4_700);
            format!("{} fragment F on Viewer{{{fields}}}", each(20, |n| format!("query q{n}{{viewer{{...F}}}}")))
        }),
        document(
            "variables, as many as tokens",
            format!("query({}){{viewer{{role}}}}", each(1_240, |n| format!("$v{n}:Int "))),
        ),
        document("braces", filled("{")),
        document("brackets", filled("[")),
        document("parentheses", filled("(")),
        document("inline fragments", format!("{{viewer{}", filled("{..."))),
        document("fields in fields", format!("{{{}", filled("a{"))),
        document("lists in lists", format!("{{missions(filter:{}", filled("["))),
        document("objects in objects", format!("{{missions(filter:{}", filled("{a:"))),
        document("arguments in arguments", format!("{{{}", filled("a(b:["))),
        document("a type of lists", format!("query($a:{}Int{}){{viewer{{role}}}}", "[".repeat(90), "]".repeat(90))),
    ]
}

/// Fields of one response key: each is compared with the first.
fn overlaps() -> Vec<Attack> {
    let many = each(1_000, |n| format!("a{n}:1 "));
    let concerns = |depth: usize| {
        let mut text = "id".to_owned();
        for _ in 0..depth {
            text = format!("mission{{concerns(first:1){{nodes{{{text}}}}} concerns(first:2){{nodes{{{text}}}}}}}");
        }
        format!("{{concerns{{nodes{{{text}}}}}}}")
    };
    let merged = |depth: usize| {
        let mut text = "id".to_owned();
        for _ in 0..depth {
            text = format!("parent{{{text}}} parent{{{text}}}");
        }
        format!("{{missions{{nodes{{{text}}}}}}}")
    };
    let found = |depth: usize| {
        let mut text = "id".to_owned();
        for _ in 0..depth {
            text =
                format!("parent{{id ...on Node{{id}} ...on Mission{{{text}}} ...on Node{{...on Mission{{{text}}}}}}}");
        }
        format!("{{search(text:\"x\"){{nodes{{...on Mission{{{text}}}}}}}}}")
    };
    vec![
        document("a field with arguments, and without", format!("{{viewer{{role({many}){}}}}}", " role".repeat(1_900))),
        document("likewise, in inline fragments", inlined(45, &format!("role({many}){}", " role".repeat(1_800)))),
        document(
            "likewise, with a type that hides it",
            format!(
                "{{search(text:\"x\"){{nodes{{...on Mission{{...{{name({many})}}}}{}}}}}}}",
                "...on Agency{...{name}}".repeat(150)
            ),
        ),
        document("likewise, in fragments", {
            let next = |n: usize| if n == 89 { String::new() } else { format!("...F{}", n + 1) };
            let all = each(90, |n| format!("fragment F{n} on Viewer{{{}{}}}", " role ".repeat(15), next(n)));
            format!("{{viewer{{...F0}}}}{}", all.replacen("role", &format!("role({many})"), 1))
        }),
        document("arguments of few fields, in inline fragments", {
            let field = format!("role({})", each(29, |n| format!("argument{n}:1 ")));
            inlined(45, &format!("{field} ").repeat(50))
        }),
        document("many arguments of few fields, in inline fragments", {
            let field = format!("role({}) ", each(780, |n| format!("argument{n}:1 ")));
            inlined(45, &field.repeat(2))
        }),
        document("one field in inline fragments", inlined(45, &"role ".repeat(4_800))),
        document("one field in inline fragments, within the bounds", inlined(45, &"role ".repeat(400))),
        document("typenames in inline fragments, within the bounds", inlined(3, &"__typename ".repeat(4_800))),
        document("one field in fragments in each other", {
            let next = |n: usize| if n == 89 { String::new() } else { format!("...F{}", n + 1) };
            let all = each(90, |n| format!("fragment F{n} on Viewer{{{}{}}}", "role ".repeat(45), next(n)));
            format!("{{viewer{{...F0}}}}{all}")
        }),
        document(
            "one field with other arguments",
            format!("{{missions{{nodes{{{}}}}}}}", each(600, |n| format!("concerns(first:{n}){{id}}"))),
        ),
        document("other arguments, nested", concerns(6)),
        document("merged fields, nested", merged(9)),
        document("merged fields of several types, nested", found(7)),
        document("unknown types, nested", {
            let mut text = "id".to_owned();
            for _ in 0..8 {
                text = format!("{}...on Node{{p{{{text}}}}}", each(12, |n| format!("...on T{n}{{p{{id}}}}")));
            }
            format!("{{search(text:\"x\"){{nodes{{{text}}}}}}}")
        }),
        document("arguments", format!("{{missions({}){{totalCount}}}}", each(15_000, |n| format!("a{n}:1 ")))),
        document("one argument", format!("{{missions({}){{totalCount}}}}", "first:1 ".repeat(1_600))),
    ]
}

/// Documents of which there is much to say.
fn errors() -> Vec<Attack> {
    let long = |length: usize| "a".repeat(length);
    let used = each(1_100, |n| format!("a{n}:$b{n} "));
    vec![
        document("unknown fields", format!("{{viewer{{{}}}}}", each(4_900, |n| format!("f{n} ")))),
        document("undefined variables of many operations", {
            let spread = each(400, |n| format!("query q{n}{{...F}}"));
            format!("{spread} fragment F on Query{{missions({}){{totalCount}}}}", each(600, |n| format!("a{n}:$b{n} ")))
        }),
        document("undefined variables of twenty operations", {
            let spread = each(20, |n| format!("query q{n}{{...F}}"));
            let fields = each(39, |n| format!("r{n}:name({}) ", each(28, |m| format!("a{m}:$b{n}x{m} "))));
            format!("{spread} fragment F on Query{{missions{{nodes{{{fields}}}}}}}")
        }),
        document("undefined variables", format!("{{missions({used}){{totalCount}}}}")),
        document("a long name over unused variables", {
            format!("query {}({}){{viewer{{role}}}}", long(200_000), each(1_200, |n| format!("$v{n}:Int ")))
        }),
        document("a long type that fits nowhere", {
            let used = "...{missions(first:$a){totalCount}}".repeat(19);
            format!("query($a:{}){{{used}}}", long(200_000))
        }),
        document("a long variable that fits nowhere", {
            let name = long(12_000);
            format!("query(${name}:String){{{}}}", format!("missions(first:${name}){{totalCount}}").repeat(19))
        }),
        document("a long response key", {
            let key = long(100_000);
            format!("{{{key}:missions({}){{id}} {key}:missions{{id}}}}", each(1_500, |n| format!("a{n}:1 ")))
        }),
        document("a long field", format!("{{{}}}", long(ROOM - 10))),
        document("a long argument", format!("{{missions({}:1){{totalCount}}}}", long(ROOM - 100))),
        document("a long directive", format!("{{viewer @{}{{role}}}}", long(ROOM - 100))),
        document("a long type condition", format!("{{viewer{{...on {}{{role}}}}}}", long(ROOM - 100))),
        document("unknown spreads", format!("{{viewer{{{}}}}}", each(2_400, |n| format!("...G{n} ")))),
    ]
}

fn values() -> Vec<Attack> {
    let missions = |value: &str| format!("{{missions(filter:{value}){{totalCount}}}}");
    let after = |text: &str| format!("{{missions(after:\"{text}\"){{totalCount}}}}");
    vec![
        document("a huge number", format!("{{missions(first:{}){{totalCount}}}}", "9".repeat(ROOM - 100))),
        document("a huge exponent", missions(&format!("{{latitude:{{eq:1e{}}}}}", "9".repeat(ROOM - 100)))),
        document("a huge fraction", missions(&format!("{{latitude:{{eq:0.{}}}}}", "9".repeat(ROOM - 100)))),
        document("a huge string", after(&"a".repeat(ROOM - 100))),
        document("a huge string of escapes", after(&filled("\\u0041"))),
        document("a huge string of letters", after(&filled("\u{10FFFF}"))),
        document("a huge block string", format!("{{missions(after:\"\"\"{}\"\"\"){{totalCount}}}}", filled("\n "))),
        document("a huge block string of indents", {
            let line = format!("\n{}x", " ".repeat(100));
            format!("{{missions(after:\"\"\"{}\"\"\"){{totalCount}}}}", filled(&line))
        }),
        document("a block string that does not end", format!("{{missions(after:\"\"\"{}", filled("x\\\"\"\""))),
        document("null bytes", after(&filled("\u{0}"))),
        document("null bytes, escaped", after(&filled("\\u0000"))),
        document("half a pair", after(&filled("\\uD800"))),
        document("pairs the wrong way round", after(&filled("\\uDC00\\uD800"))),
        document("numbers without a space", missions(&format!("{{and:[1{}]}}", filled("-1")))),
        document("noughts without a space", missions(&format!("{{and:[{}]}}", filled("0")))),
        document("a list of strings", missions(&format!("{{name:{{in:[{}]}}}}", "\"\" ".repeat(4_900)))),
        document("a list of objects", missions(&format!("{{or:[{}]}}", "{} ".repeat(2_400)))),
        document("an object of fields", missions(&format!("{{{}}}", each(1_600, |n| format!("a{n}:1 "))))),
        document("an object of one field", missions(&format!("{{{}}}", "a:1 ".repeat(1_600)))),
        document("a default", {
            let list = "{name:{eq:\"x\"}}".repeat(500);
            format!("query($f:[MissionFilter!]=[{list}]){{missions(filter:{{or:$f}}){{totalCount}}}}")
        }),
    ]
}

fn tokens() -> Vec<Attack> {
    let mut all: Vec<Attack> = signs::SIGNS.iter().map(|(name, unit)| document(name, filled(unit))).collect();
    all.push(document("byte order marks in a document", format!("{{viewer{{role{}}}}}", filled("\u{FEFF}"))));
    all.push(document("comments in a document", format!("{{viewer{{role\n{}}}}}", filled("#{\n"))));
    all.push(document("commas in a document", format!("{{viewer{{role{}}}}}", filled(","))));
    all
}

fn introspection() -> Vec<Attack> {
    let ladder = |step: &str, number: usize| {
        format!(
            "{{__schema{{types{{fields{{type{{{}name{}}}}}}}}}}}",
            step.repeat(number),
            "}".repeat(step.matches('{').count() * number)
        )
    };
    vec![
        document("types of types", ladder("ofType{", 60)),
        document("types of types, within the bounds", ladder("ofType{", 14)),
        document("fields of types of fields", ladder("fields{type{", 8)),
        document("fields of types of fields, twice", ladder("fields{type{", 1)),
        document("arguments of fields of fields", ladder("fields{args{type{", 1)),
        document("all types, in twenty", {
            let all = "types{kind name description fields{name description args{name type{name}} type{name}}}";
            format!("{{{}}}", each(20, |n| format!("s{n}:__schema{{{all}}} ")))
        }),
        document("all types under sixty names", {
            let types = each(58, |n| format!("t{n}:types{{name description fields{{name description}}}} "));
            format!("{{__schema{{{types}}}}}")
        }),
        document("all of all types, in twenty", {
            let ty = "type{kind name ofType{kind name ofType{kind name}}}";
            let all = format!(
                "types{{kind name description fields{{name description args{{name description {ty}}}{ty}}}inputFields{{name description {ty}}}enumValues{{name description}}}}"
            );
            format!("{{{}}}", each(20, |n| format!("s{n}:__schema{{{all}}} ")))
        }),
        document("fields of types of fields, under sixty names", {
            format!(
                "{{__schema{{types{{fields{{type{{fields{{{}}}}}}}}}}}}}",
                each(59, |n| format!("a{n}:description "))
            )
        }),
        document("interfaces of interfaces", ladder("interfaces{possibleTypes{", 4)),
    ]
}

/// Bodies that are no documents.
fn bodies() -> Vec<Attack> {
    let asked = |member: &str, value: &str| {
        format!("{{\"query\":\"query($f:MissionFilter){{missions(filter:$f){{totalCount}}}}\",\"{member}\":{value}}}")
    };
    let within = |open: &str, inner: &str, close: &str| {
        let room = ROOM - open.len() - close.len();
        format!("{open}{}{close}", inner.repeat(room / inner.len()))
    };
    let keys = || format!("{{{}\"z\":0}}", each(26_000, |n| format!("\"{n:x}\":0,")));
    let mut all = vec![
        body("a list in the variables", asked("variables", &within("{\"f\":[0", ",0", "]}"))),
        body("lists in the variables", asked("variables", &within("{\"f\":[[]", ",[]", "]}"))),
        body("objects in the variables", asked("variables", &within("{\"f\":[{}", ",{\"\":0}", "]}"))),
        body("an object in the variables", asked("variables", &format!("{{\"f\":{}}}", keys()))),
        body("variables that nobody declared", asked("variables", &keys())),
        body("extensions", asked("extensions", &keys())),
        body("extensions of objects", asked("extensions", &within("{\"f\":[{}", ",{\"\":0}", "]}"))),
        body("members that nobody knows", within("{\"query\":\"{viewer{role}}\"", ",\"a\":{}", "}")),
        body("one member", within("{\"query\":\"{viewer{role}}\"", ",\"query\":\"\"", "}")),
        body("white space", format!("{}{{\"query\":\"{{viewer{{role}}}}\"}}", " ".repeat(ROOM))),
        body("a query of escapes", within("{\"query\":\"", "\\u0020", "{viewer{role}}\"}")),
        body("half pairs", within("{\"query\":\"", "\\ud800", "\"}")),
        body("an operation's name", within("{\"query\":\"query a{viewer{role}}\",\"operationName\":\"", "a", "\"}")),
        body("a huge number in the variables", asked("variables", &within("{\"f\":1", "1", "}"))),
        body("a huge exponent in the variables", asked("variables", &within("{\"f\":1e9", "9", "}"))),
        body("a batch", within("[{}", ",{}", "]")),
        body("brackets in a batch", filled("[")),
    ];
    for (name, member, unit) in [
        ("brackets in the variables", "variables", "["),
        ("objects nested in the variables", "variables", "{\"a\":"),
        ("brackets in the extensions", "extensions", "["),
        ("objects nested in the extensions", "extensions", "{\"a\":"),
        ("brackets in a member that nobody knows", "id", "["),
    ] {
        all.push(body(name, asked(member, &within("", unit, ""))));
    }
    all
}

/// What may be asked, and is as much as may be.
fn within() -> Vec<Attack> {
    let aliases = each(59, |n| format!("a{n}:name "));
    let wide = format!("{{missions(first:1){{nodes{{{aliases}{}}}}}}}", "name ".repeat(4_500));
    let nested = |number: usize| {
        let mut text = "id".to_owned();
        for _ in 0..number {
            text = format!(
                "constituents(first:1,filter:{{not:{{or:[{{parent:{{parent:{{name:{{eq:\"x\"}}}}}}}}]}}}}){{totalCount nodes{{name {text}}}}}"
            );
        }
        text
    };
    vec![
        document("one field, as often as may be", format!("{{viewer{{{}}}}}", "role ".repeat(4_900))),
        document("aliases and one field", wide),
        document("ninety inline fragments", inlined(90, "role")),
        document("lists in lists of twenty roots", {
            format!("{{{}}}", each(20, |n| format!("r{n}:missions(first:1){{nodes{{{}}}}} ", nested(3))))
        }),
        document("alternatives", {
            let all = each(140, |n| format!("{{name:{{eq:\"{n}\"}}}}"));
            format!("{{missions(filter:{{or:[{all}]}}){{totalCount}}}}")
        }),
        document("nodes", {
            let ids = each(1_000, |n| format!("\"mission_{n:026}\" "));
            format!("{{nodes(ids:[{ids}]){{id}}}}")
        }),
        document("groups", "{concernStats(groupBy:[],first:1000){count groups{count}}}"),
    ]
}
