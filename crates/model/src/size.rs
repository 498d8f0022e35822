//! How large a scenario may be.

/// Most agents of a scenario.
pub const MAX_AGENTS: usize = 100_000;

/// Most payments that a scenario may bring along from data.
pub const MAX_PREPARED_PAYMENTS: usize = 100_000_000;

/// Most parts of split payments that a run may have made when a tick begins: a policy that splits
/// parts again and again makes more of them every tick, as long as memory lasts. A tick that comes
/// beyond it holds what else would be split.
pub const MAX_PARTS_MADE: usize = 50_000_000;

/// Longest id of an agent or a payment, in characters.
pub const MAX_ID_CHARS: usize = 256;

/// Returns whether an id is short enough.
pub fn id_fits(id: &str) -> bool {
    // No id has more characters than bytes, and most are far shorter.
    id.len() <= MAX_ID_CHARS || id.chars().count() <= MAX_ID_CHARS
}
