use fastrand::Rng;

use crate::{MINUTE, Millis};

/// How often what goes wrong in a run, in thousandths, where nothing else is said.
///
/// Each run draws its own, many of them 0: a fault alone finds what the same fault among many others hides.
#[derive(Debug)]
pub(crate) struct Weather {
    /// A call fails before it took effect.
    pub(crate) fail: u32,
    /// A call takes effect, and its caller sees an error.
    pub(crate) lose_answer: u32,
    /// The bus refuses an entry.
    pub(crate) refuse_entry: u32,
    /// A call takes many seconds.
    pub(crate) slow: u32,
    /// A function dies, at each step.
    pub(crate) crash: u32,
    /// The topic or the bus delivers twice.
    pub(crate) duplicate: u32,
    /// A queue does not forget what it was told to.
    pub(crate) lost_delete: u32,
    /// A message is seen again while a function has it.
    pub(crate) early: u32,
    /// The client does not get the answer.
    pub(crate) lost_response: u32,
    /// How many times something is down for a while.
    pub(crate) outages: u32,
    /// How many messages nobody can process.
    pub(crate) poison: u32,
    /// The longest time from the topic or the bus to a queue.
    pub(crate) longest_delivery: Millis,
    /// When the faults end.
    pub(crate) until: Millis,
    /// How many clients there are.
    pub(crate) clients: usize,
    /// The time between two runs of the function that announces again.
    pub(crate) tick: Millis,
    /// A run of that function is started twice.
    pub(crate) double_tick: u32,
}

impl Weather {
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        let mut up_to = |most: u32| {
            if rng.u8(0..3) == 0 { 0 } else { rng.u32(1..=most) }
        };
        let (fail, lose_answer, refuse_entry, slow) = (up_to(150), up_to(150), up_to(300), up_to(60));
        let (crash, duplicate, lost_delete, early) = (up_to(40), up_to(200), up_to(150), up_to(100));
        let (lost_response, outages, poison, double_tick) = (up_to(200), up_to(6), up_to(4), up_to(500));
        Self {
            fail,
            lose_answer,
            refuse_entry,
            slow,
            crash,
            duplicate,
            lost_delete,
            early,
            lost_response,
            outages,
            poison,
            longest_delivery: [100, 5_000, 3 * MINUTE][rng.usize(0..3)],
            until: rng.i64(4 * MINUTE..12 * MINUTE),
            clients: rng.usize(3..=8),
            tick: MINUTE * rng.i64(1..=3),
            double_tick,
        }
    }
}
