//! The policies that come with the program.

use std::sync::OnceLock;

use crate::policy::Policy;

macro_rules! library {
    ($( $name:literal )*) => {
        /// Names of the policies, each with its document.
        const DOCUMENTS: &[(&str, &str)] =
            &[$( ($name, include_str!(concat!("../library/", $name, ".json"))), )*];
    };
}

library! {
    "fifo"
    "hold"
    "deadline"
    "liquidity_aware"
    "liquidity_splitting"
    "mock_splitting"
    "mock_stagger_split"
    "adaptive_liquidity_manager"
    "aggressive_market_maker"
    "balanced_cost_optimizer"
    "cautious_liquidity_preserver"
    "collateral_timer"
    "conservative_offsetter"
    "cost_feedback"
    "crisis_hoarder"
    "deadline_driven_trader"
    "end_of_day_sweeper"
    "exposure_capper"
    "goliath_national_bank"
    "limit_aware"
    "lsm_rider"
    "memory_driven_strategist"
    "momentum_investment_bank"
    "morning_funder"
    "overdue_triage"
    "paced_allowance"
    "pay_as_received"
    "priority_aware"
    "priority_escalator"
    "queue_diversifier"
    "reciprocity"
    "small_regional_bank"
    "smart_budget_manager"
    "smart_splitter"
    "stuck_order_recaller"
    "throughput_follower"
    "time_slicer"
}

/// Returns the names of all policies of the library.
pub fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().map(|(name, _)| *name)
}

/// Returns whether the library has a policy of that name.
pub fn has(name: &str) -> bool {
    names().any(|known| known == name)
}

/// Returns a policy of the library; each is read once.
pub fn named(name: &str) -> Option<Policy> {
    static READ: OnceLock<Vec<OnceLock<Policy>>> = OnceLock::new();
    let index = DOCUMENTS.iter().position(|(own, _)| *own == name)?;
    let read = READ.get_or_init(|| DOCUMENTS.iter().map(|_| OnceLock::new()).collect());
    let policy = read[index].get_or_init(|| {
        Policy::read(DOCUMENTS[index].1).expect("Invariant: documents of the library are sound")
    });
    Some(policy.clone())
}
