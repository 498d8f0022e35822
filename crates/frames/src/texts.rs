//! Texts as string views: short ones lie in the row, long ones once in a buffer.

use std::hash::Hasher;
use std::sync::Arc;

use arrow_array::builder::make_view;
use arrow_array::{ArrayRef, StringViewArray};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use psim_model::PaymentNo;
use psim_model::event::Names;
use rustc_hash::{FxHashMap, FxHasher};

/// Bytes after which the next buffer is begun; offsets have 31 bits.
const BUFFER_BYTES: usize = 1 << 30;
/// Longest text that lies in the row.
const SHORT_BYTES: usize = 12;

/// The buffers of long texts; equal texts mostly share their bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    full: Vec<Buffer>,
    open: Vec<u8>,
    /// Where the text of a hash lies. Another text of the same hash is kept each time.
    known: FxHashMap<u64, u128>,
}

impl Texts {
    /// Returns the view of a text; `None` if it is too long for one (2 GiB).
    pub(crate) fn view(&mut self, text: &str) -> Option<u128> {
        if text.len() <= SHORT_BYTES {
            return Some(make_view(text.as_bytes(), 0, 0));
        }
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let hash = hasher.finish();
        if let Some(view) = self.known.get(&hash)
            && self.bytes(*view) == Some(text.as_bytes())
        {
            return Some(*view);
        }
        let view = self.keep(text)?;
        self.known.entry(hash).or_insert(view);
        Some(view)
    }

    fn keep(&mut self, text: &str) -> Option<u128> {
        i32::try_from(text.len()).ok()?;
        if !self.open.is_empty() && self.open.len() + text.len() > BUFFER_BYTES {
            self.full.push(Buffer::from_vec(std::mem::take(&mut self.open)));
        }
        let block = u32::try_from(self.full.len()).ok()?;
        let offset = u32::try_from(self.open.len()).ok()?;
        self.open.extend_from_slice(text.as_bytes());
        Some(make_view(text.as_bytes(), block, offset))
    }

    /// Returns the bytes of a long text: a view has length, prefix, buffer and offset.
    fn bytes(&self, view: u128) -> Option<&[u8]> {
        let part = |index: usize| {
            let bytes = view.to_le_bytes();
            let part = bytes.get(4 * index..4 * index + 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(part)).ok()
        };
        let (len, block, offset) = (part(0)?, part(2)?, part(3)?);
        let buffer = match self.full.get(block) {
            Some(buffer) => buffer.as_slice(),
            None => &self.open,
        };
        buffer.get(offset..offset + len)
    }

    /// Returns the buffers, for every column that has views into them.
    pub(crate) fn finish(mut self) -> Arc<[Buffer]> {
        if !self.open.is_empty() {
            self.full.push(Buffer::from_vec(self.open));
        }
        self.full.into()
    }
}

/// Returns a column of views.
pub(crate) fn column(
    views: ScalarBuffer<u128>,
    buffers: Arc<[Buffer]>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    let column = StringViewArray::try_new(views, buffers, nulls)
        .expect("Invariant: views point at texts that were kept");
    Arc::new(column)
}

/// The ids of payments as views.
#[derive(Clone, Debug, Default)]
pub(crate) struct PaymentIds {
    /// Payments with a given id, ascending, and the views of those ids.
    given: Vec<(PaymentNo, u128)>,
    /// For each payment up to the last of these its place among them, if that wastes little.
    places: Vec<u32>,
    texts: Texts,
}

impl PaymentIds {
    pub(crate) fn of(names: &Names) -> Self {
        let mut texts = Texts::default();
        let given: Vec<_> =
            names.given().filter_map(|(no, id)| Some((no, texts.view(id)?))).collect();
        let last = given.last().map_or(0, |(no, _)| no.index());
        let mut places = Vec::new();
        if last / 8 <= given.len() && !given.is_empty() {
            places = vec![u32::MAX; last + 1];
            for (place, (no, _)) in (0..).zip(&given) {
                if let Some(slot) = places.get_mut(no.index()) {
                    *slot = place;
                }
            }
        }
        Self { given, places, texts }
    }

    /// Returns the view of a payment's id: the given one, else `tx-{number}`.
    pub(crate) fn view(&mut self, payment: PaymentNo) -> u128 {
        self.given_view(payment).unwrap_or_else(|| self.own_view(payment))
    }

    fn given_view(&self, payment: PaymentNo) -> Option<u128> {
        let place = if self.places.is_empty() {
            self.given.binary_search_by_key(&payment, |(no, _)| *no).ok()?
        } else {
            *self.places.get(payment.index())? as usize
        };
        self.given.get(place).map(|(_, view)| *view)
    }

    fn own_view(&mut self, payment: PaymentNo) -> u128 {
        let (mut text, mut len, mut rest) = (0_u128, 0_u32, payment.0);
        loop {
            text = (text << 8) | (u128::from(b'0') + u128::from(rest % 10));
            len += 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if len as usize + 3 > SHORT_BYTES {
            return self.texts.view(&payment.own_id()).unwrap_or_default();
        }
        // A short view is the length in four bytes, then the text.
        u128::from(len + 3) | u128::from(u32::from_le_bytes(*b"tx-\0")) << 32 | text << 56
    }

    /// Returns the buffers, for every column that has views into them.
    pub(crate) fn finish(self) -> Arc<[Buffer]> {
        self.texts.finish()
    }
}
