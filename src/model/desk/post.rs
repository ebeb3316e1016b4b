//! The mutations of posts.

use crate::{
    access::{Command, Kind},
    model::{
        enums::SEVERITY,
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{Any, Id, Line, Text},
            id_of, may, must, one_of, row,
        },
        post::enums::{CHIEF_DECISION, PROGRAMME_KIND, REVIEW_OUTCOME, TOUR_CAPACITY},
    },
};

/// Characters of a name or a title.
const NAME: usize = 200;
/// Characters of a reason or a place.
const REASON: usize = 2_000;
/// Characters of a story.
const STORY: usize = 20_000;
/// Characters of a plan.
const PLAN: usize = 100_000;

const POST: Given = id_of("postId", Kind::Post, "The post.");
const PROGRAMME: Given = id_of("programmeId", Kind::PostProgramme, "The programme.");
const FIRST: Given = must(
    "nextReviewOn",
    Scalar::Date,
    Any,
    "The last day on which its first review is in time: not past, at most five years ahead.",
);
const NEXT: Given = must(
    "nextReviewOn",
    Scalar::Date,
    Any,
    "The last day on which its next review is in time: after `reviewedOn`, by five years at most.",
);
const THE_POST: Payload = row("post", Kind::Post, "The post, as you see it now.");
const THE_TOUR: Payload = row("tour", Kind::Tour, "The tour, as you see it now.");
const THE_PROGRAMME: Payload = row("programme", Kind::PostProgramme, "The programme, as you see it now.");
const THE_FINDING: Payload = row("finding", Kind::Finding, "The finding, as you see it now.");
const THE_ADVICE: Payload = row("advice", Kind::Advice, "The advice, as you see it now.");

/// What is done about posts.
pub(super) static OF_POSTS: &[Mutation] = &[
    Mutation {
        command: Command::RecordTour,
        description: "Writes down that somebody serves at a post. A post has one chief of mission and one regional security officer at a time: another one in that time is a CONFLICT.",
        input: &[
            POST,
            one_of("capacity", &TOUR_CAPACITY, "As what."),
            must("name", Scalar::String, Line(NAME), "Who."),
            must("startsOn", Scalar::Date, Any, "The first day."),
            may("endsOn", Scalar::Date, Any, "The last day; not given while it is not known."),
        ],
        payload: &[THE_POST, THE_TOUR],
    },
    Mutation {
        command: Command::ChangeTour,
        description: "Changes what was written down of a tour: what is given, at least one of them. Another chief of mission, or regional security officer, in that time is a CONFLICT.",
        input: &[
            id_of("tourId", Kind::Tour, "The tour."),
            may("name", Scalar::String, Line(NAME), "Who."),
            may("startsOn", Scalar::Date, Any, "The first day."),
            may("endsOn", Scalar::Date, Any, "The last day; null while it is not known."),
        ],
        payload: &[THE_POST, THE_TOUR],
    },
    Mutation {
        command: Command::RemoveTour,
        description: "Takes a tour off that was written down by mistake.",
        input: &[id_of("tourId", Kind::Tour, "The tour.")],
        payload: &[THE_POST],
    },
    Mutation {
        command: Command::EstablishProgramme,
        description: "Sets up a programme at a post. One of its kind that is kept already is a CONFLICT.",
        input: &[POST, one_of("kind", &PROGRAMME_KIND, "What it is."), FIRST],
        payload: &[THE_POST, THE_PROGRAMME],
    },
    Mutation {
        command: Command::EndProgramme,
        description: "Writes down that a programme is kept no more, from today on. One that has ended, or a finding in it that is not resolved, is a CONFLICT.",
        input: &[PROGRAMME],
        payload: &[THE_POST, THE_PROGRAMME],
    },
    Mutation {
        command: Command::RecordReview,
        description: "Writes down what a review of a programme came to, and by when it is to be reviewed again. Of a programme that has ended it is a CONFLICT.",
        input: &[
            PROGRAMME,
            must("reviewedOn", Scalar::Date, Any, "The day: not ahead, and not before the last review."),
            one_of("outcome", &REVIEW_OUTCOME, "What it came to."),
            must("summary", Scalar::String, Text(STORY), "What was seen."),
            NEXT,
        ],
        payload: &[THE_POST, THE_PROGRAMME, row("review", Kind::ProgrammeReview, "The review, as you see it now.")],
    },
    Mutation {
        command: Command::AddFinding,
        description: "Writes down what is wanting in a programme. Of one that has ended it is a CONFLICT.",
        input: &[
            PROGRAMME,
            one_of("severity", &SEVERITY, "How bad it is."),
            must("body", Scalar::String, Text(STORY), "What is wanting."),
            must(
                "dueOn",
                Scalar::Date,
                Any,
                "The last day on which it is put right in time: not past, at most five years ahead.",
            ),
            may("reviewId", Scalar::Id, Id(Kind::ProgrammeReview), "The review of the programme that found it."),
        ],
        payload: &[THE_POST, THE_PROGRAMME, THE_FINDING],
    },
    Mutation {
        command: Command::ResolveFinding,
        description: "Writes down that what was wanting was put right. One that was is a CONFLICT.",
        input: &[
            id_of("findingId", Kind::Finding, "The finding."),
            must("resolution", Scalar::String, Text(STORY), "How."),
        ],
        payload: &[THE_POST, THE_FINDING],
    },
    Mutation {
        command: Command::RecordAdvice,
        description: "Writes down what the chief of mission of a post was advised. What they decide is written down by `recordAdviceDecision`.",
        input: &[
            POST,
            must("subject", Scalar::String, Line(NAME), "In one line."),
            must("body", Scalar::String, Text(STORY), "What was advised."),
            may("findingId", Scalar::Id, Id(Kind::Finding), "The finding at the post that it is about."),
        ],
        payload: &[THE_POST, THE_ADVICE],
    },
    Mutation {
        command: Command::RecordAdviceDecision,
        description: "Writes down what the chief of mission decided on advice. What was accepted or declined stays so: another decision is a CONFLICT, and takes new advice. Why it was deferred stays with the reason.",
        input: &[
            id_of("adviceId", Kind::Advice, "The advice."),
            one_of("decision", &CHIEF_DECISION, "What they decided."),
            may("reason", Scalar::String, Text(REASON), "Why; needed where it is declined or deferred."),
        ],
        payload: &[THE_POST, THE_ADVICE],
    },
    Mutation {
        command: Command::SetEmergencyPlan,
        description: "Says what is done at a post in an emergency. `emergencyPlan` must be given; null takes the plan away.",
        input: &[POST, may("emergencyPlan", Scalar::String, Text(PLAN), "What is done.")],
        payload: &[THE_POST],
    },
];
