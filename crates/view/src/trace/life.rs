//! The life of a payment as somebody who asks for it is told it.

use psim_model::Tick;
use psim_model::event::Names;
use serde_json::Value;

use super::stays::Stay;
use super::story::Story;
use super::{DelayShare, json, page};
use crate::state::Setting;
use crate::wording::Wording;

/// One payment's life up to a tick: what happened to it, where and why it waited, what it cost.
#[derive(Clone, Debug)]
pub struct Life {
    pub(super) id: String,
    pub(super) setting: Setting,
    pub(super) names: Names,
    /// The last tick that is over.
    pub(super) last_tick: Tick,
    /// What there is to tell, if the payment has arrived.
    pub(super) story: Option<Story>,
}

impl Life {
    /// Returns whether the payment has arrived.
    pub const fn found(&self) -> bool {
        self.story.is_some()
    }

    /// Returns the payment's share of its sender's delay cost.
    pub fn delay_share(&self) -> DelayShare {
        self.story.as_ref().map(|story| story.charges.delay).unwrap_or_default()
    }

    /// Returns the life as a page for people; of a payment that was not found, that it was not.
    pub fn to_text(&self) -> String {
        match &self.story {
            Some(story) => page::write(self, story),
            None => format!("No payment of this run is called {}\n", self.id),
        }
    }

    /// Returns the life as one JSON object: amounts in minor units; `found` is false, and nothing
    /// but the id follows, if there is no such payment.
    pub fn to_json(&self) -> Value {
        match &self.story {
            Some(story) => json::object(self, story),
            None => serde_json::json!({ "found": false, "tx_id": self.id }),
        }
    }

    pub(super) const fn wording(&self) -> Wording<'_> {
        Wording::new(&self.setting, &self.names)
    }

    /// Returns how long a stay was, if ticks have clock times.
    pub(super) fn seconds(&self, stay: &Stay) -> Option<u64> {
        let clock = self.setting.calendar()?.clock()?;
        Some(u64::from(stay.ticks) * u64::from(clock.tick_seconds))
    }
}
