//! Who asks for a load, and what that one calls what can be asked for.

/// Who gives overrides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// The command line, as `--set` and `--policy`.
    #[default]
    CommandLine,
    /// A program, as `overrides` and `policies`.
    Program,
}

impl Caller {
    /// Returns what it calls a setting.
    pub(crate) const fn set(self) -> &'static str {
        match self {
            Self::CommandLine => "--set",
            Self::Program => "overrides",
        }
    }

    /// Returns what it calls a policy for an agent.
    pub(crate) const fn policy(self) -> &'static str {
        match self {
            Self::CommandLine => "--policy",
            Self::Program => "policies",
        }
    }

    /// Says that policies for several agents were given as one, and how each is given.
    pub(crate) fn each_policy(self, each: &[impl AsRef<str>]) -> (&'static str, String) {
        let each = each.iter().map(AsRef::as_ref);
        match self {
            Self::CommandLine => {
                let each: Vec<String> = each.map(|one| format!("--policy {one}")).collect();
                ("one `--policy` is for one agent", format!("write `{}`", each.join(" ")))
            }
            Self::Program => {
                let each = each.collect::<Vec<&str>>().join("`, `");
                ("one entry of `policies` is for one agent", format!("give each its own: `{each}`"))
            }
        }
    }

    /// Returns what it calls the leave to read files outside of the scenario's folder.
    pub(crate) const fn allow_outside(self) -> &'static str {
        match self {
            Self::CommandLine => "--allow-outside",
            Self::Program => "allow_outside=True",
        }
    }

    /// Returns what it calls another seed.
    pub(crate) const fn seed(self) -> &'static str {
        match self {
            Self::CommandLine => "--seed",
            Self::Program => "seed",
        }
    }

    /// Returns what it calls the recording of decisions.
    pub(crate) const fn trace_decisions(self) -> &'static str {
        match self {
            Self::CommandLine => "--trace-decisions",
            Self::Program => "trace_decisions",
        }
    }

    /// Says how a policy document by itself is read as the predecessor did.
    pub(crate) const fn predecessor(self) -> &'static str {
        match self {
            Self::CommandLine => {
                "with `--predecessor`, what the predecessor took no notice of, such as unknown \
                 keys, is a warning only"
            }
            Self::Program => {
                "with `predecessor=True`, what the predecessor took no notice of, such as unknown \
                 keys, is a warning only"
            }
        }
    }

    /// Says what to do with a policy of the predecessor that an agent was to be given.
    pub(crate) const fn convert(self) -> &'static str {
        match self {
            Self::CommandLine => {
                "`payment-sim policy check --predecessor` makes a sound file of one of the \
                 predecessor"
            }
            Self::Program => {
                "as `policy` of the agent, with `predecessor: true`, one of the predecessor is read"
            }
        }
    }
}
