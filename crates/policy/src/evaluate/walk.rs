//! A walk through a program, and what it computes on its way.
//!
//! A match of four arms or more becomes a jump through a table, which costs about as much as
//! reading a field. So the most common steps are matched first, with fewer arms, and the others
//! apart.

use super::{Cause, Context, Observer, RunFault, holds};
use crate::compile::{Arithmetic, Asked, Code, Formula, Operand, Other, Step};
use crate::document::Operator;

/// Up to so many intermediate results are kept on the stack.
const FEW: usize = 16;

impl Code {
    /// Walks the tree to a leaf and returns which.
    #[inline]
    pub(crate) fn walk<C: Context, O: Observer>(
        &self,
        context: &mut C,
        observer: &mut O,
    ) -> Result<u32, RunFault> {
        if self.temps <= FEW {
            return self.walk_with(context, observer, &mut [0.0; FEW]);
        }
        self.walk_with(context, observer, &mut vec![0.0; self.temps])
    }

    fn walk_with<C: Context, O: Observer>(
        &self,
        context: &mut C,
        observer: &mut O,
        temps: &mut [f64],
    ) -> Result<u32, RunFault> {
        let mut at = 0;
        loop {
            if O::WATCHES
                && let Some(node) = self.begins[at]
            {
                observer.reach(node);
            }
            let goes_to = match &self.steps[at] {
                Step::Ask { number, range, then } => {
                    let number = match number {
                        Asked::Field(field) => context.field(*field),
                        Asked::Result(arithmetic) => match compute(arithmetic, context, temps) {
                            Ok(number) => number,
                            Err(cause) => return Err(RunFault { node: self.nodes[at], cause }),
                        },
                    };
                    range.contains(number).then_some(*then)
                }
                Step::End(leaf) => return Ok(*leaf),
                Step::Other(step) => match other(step, context, temps) {
                    Ok(goes_to) => goes_to,
                    Err(cause) => return Err(RunFault { node: self.nodes[at], cause }),
                },
            };
            at = match goes_to {
                Some(to) => to as usize,
                None => at.wrapping_add(1), // a program is no longer than its document
            };
        }
    }
}

/// Takes a step that is less common, and says where to go, if that is elsewhere.
#[inline(never)]
fn other<C: Context>(
    step: &Other,
    context: &mut C,
    temps: &mut [f64],
) -> Result<Option<u32>, Cause> {
    match step {
        Other::Compare { comparison, left, right, then } => {
            let left = read(*left, context, temps);
            let right = read(*right, context, temps);
            Ok(holds(*comparison, left, right).then_some(*then))
        }
        Other::Compute(arithmetic) => {
            temps[usize::from(arithmetic.into)] = compute(arithmetic, context, temps)?;
            Ok(None)
        }
        Other::Go(to) => Ok(Some(*to)),
    }
}

impl Formula {
    /// Returns the number, if it does not depend on the moment.
    pub(crate) fn constant(&self) -> Option<f64> {
        match self.result {
            Operand::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Computes a number that an action is given.
    pub(crate) fn number<C: Context>(&self, context: &mut C) -> Result<f64, Cause> {
        if let Operand::Number(number) = self.result {
            return Ok(number);
        }
        let mut temps = vec![0.0; self.temps];
        for arithmetic in &self.steps {
            temps[usize::from(arithmetic.into)] = compute(arithmetic, context, &temps)?;
        }
        Ok(read(self.result, context, &temps))
    }
}

#[inline]
fn read<C: Context>(operand: Operand, context: &mut C, temps: &[f64]) -> f64 {
    if let Operand::Field(field) = operand {
        return context.field(field);
    }
    read_any(operand, context, temps)
}

/// Reads anything.
#[inline(never)]
fn read_any<C: Context>(operand: Operand, context: &mut C, temps: &[f64]) -> f64 {
    match operand {
        Operand::Field(field) => context.field(field),
        Operand::Number(number) => number,
        Operand::Temp(temp) => temps[usize::from(temp)],
        Operand::Register(register) => context.register(usize::from(register)),
    }
}

#[inline]
fn compute<C: Context>(
    arithmetic: &Arithmetic,
    context: &mut C,
    temps: &[f64],
) -> Result<f64, Cause> {
    let a = read(arithmetic.operands[0], context, temps);
    let b = read(arithmetic.operands[1], context, temps);
    let result = match arithmetic.operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        _ => return compute_any(arithmetic, (a, b), context, temps),
    };
    number(result)
}

/// Computes anything.
#[inline(never)]
fn compute_any<C: Context>(
    arithmetic: &Arithmetic,
    (a, b): (f64, f64),
    context: &mut C,
    temps: &[f64],
) -> Result<f64, Cause> {
    const NEARLY_ZERO: f64 = 1e-9;
    number(match arithmetic.operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide if b.abs() < f64::EPSILON => return Err(Cause::DivisionByZero),
        Operator::Max => a.max(b),
        Operator::Min => a.min(b),
        Operator::Ceil => a.ceil(),
        Operator::Floor => a.floor(),
        Operator::Round => a.round(),
        Operator::Abs => a.abs(),
        Operator::Clamp => a.max(b).min(read(arithmetic.operands[2], context, temps)),
        Operator::DivideOr if b.abs() < NEARLY_ZERO => read(arithmetic.operands[2], context, temps),
        Operator::Divide | Operator::DivideOr => a / b,
    })
}

#[inline]
fn number(result: f64) -> Result<f64, Cause> {
    if result.is_nan() { Err(Cause::NotANumber) } else { Ok(result) }
}
