//! The four trees of a policy.

/// A decision tree of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// Asked for each payment in queue 1, and in queue 2 if it names an action for that.
    Payment,
    /// Asked once a tick, before queue 1 is looked at.
    Bank,
    /// Asked once a tick, before the bank tree.
    StrategicCollateral,
    /// Asked once a tick, after liquidity saving.
    EndOfTickCollateral,
}

impl Tree {
    /// All trees, in the order of a document.
    pub const ALL: [Self; 4] =
        [Self::Payment, Self::Bank, Self::StrategicCollateral, Self::EndOfTickCollateral];

    /// Returns the key under which it stands in a document.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Payment => "payment_tree",
            Self::Bank => "bank_tree",
            Self::StrategicCollateral => "strategic_collateral_tree",
            Self::EndOfTickCollateral => "end_of_tick_collateral_tree",
        }
    }

    /// Returns when it is asked, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Payment => {
                "Asked for each payment in queue 1 each tick, and for each payment in queue 2 if \
                 it names `WithdrawFromRtgs` or `ResubmitToRtgs`. With a payment in queue 2 \
                 nothing is done but these two, and `Reprioritize` before them; in queue 1 these \
                 two hold the payment, reason `NotInQueue2`."
            }
            Self::Bank => "Asked once a tick, before queue 1 is looked at.",
            Self::StrategicCollateral => "Asked once a tick, before the bank tree.",
            Self::EndOfTickCollateral => "Asked once a tick, after liquidity saving.",
        }
    }
}

/// A set of trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trees(u8);

impl Trees {
    /// The payment tree alone.
    pub const PAYMENT: Self = Self(1 << Tree::Payment as u8);
    /// The bank tree alone.
    pub const BANK: Self = Self(1 << Tree::Bank as u8);
    /// Both collateral trees.
    pub const COLLATERAL: Self =
        Self(1 << Tree::StrategicCollateral as u8 | 1 << Tree::EndOfTickCollateral as u8);
    /// All trees.
    pub const ALL: Self = Self(Self::PAYMENT.0 | Self::BANK.0 | Self::COLLATERAL.0);

    /// Returns whether a tree is in the set.
    pub const fn contain(self, tree: Tree) -> bool {
        self.0 >> tree as u8 & 1 == 1
    }

    /// Visits the trees in the set, in the order of a document.
    pub fn iter(self) -> impl Iterator<Item = Tree> {
        Tree::ALL.into_iter().filter(move |tree| self.contain(*tree))
    }
}
