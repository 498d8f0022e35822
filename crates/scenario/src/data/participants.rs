//! stub
use crate::check::Checker;
use crate::source::Span;
use crate::typed::Fields;
pub(crate) fn read(_c: &mut Checker<'_>, _file: &str, _span: Span) -> Option<Vec<Option<Fields>>> { None }
