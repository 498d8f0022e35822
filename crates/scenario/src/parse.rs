//! YAML 1.2 (and with it JSON) into a [`Node`] tree with places.
//!
//! Bounded in depth and in size, aliases included. Syntax faults end the parse; duplicate keys and
//! tags do not. Merge keys (`<<`) are resolved. Decides nothing about types: scalars stay texts.

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::document::MAX_NESTING;
use crate::merge;
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node, Style, Value};

const MAX_NODES: usize = 4_000_000;
/// Aliases are copied, so fewer of their values are allowed.
const MAX_ALIASED: usize = 500_000;

/// Parses one source; `None` if a fault leaves nothing to go on with.
pub(crate) fn parse(sources: &Sources, source: u32, faults: &mut Diagnostics) -> Option<Node> {
    let held = sources.get(source)?;
    let text = held.text();
    let mut builder = Builder {
        offsets: Offsets::new(text),
        sources,
        source,
        faults,
        frames: Vec::new(),
        anchors: FxHashMap::default(),
        nodes: 0,
        aliased: 0,
        root: None,
    };
    match builder.run(text) {
        Ok(()) => builder.root.map(|anchored| anchored.node),
        Err(fault) => {
            faults.push(*fault);
            None
        }
    }
}

/// A list or map that is still open.
struct Frame {
    start: usize,
    anchor: usize,
    depth_below: usize,
    size: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        /// What stands at `<<`.
        merged: Option<Node>,
        seen: FxHashMap<String, Span>,
        key: Option<Key>,
    },
}

/// The key whose value comes next.
struct Key {
    text: String,
    span: Span,
    duplicate: bool,
    /// Whether it is the merge key.
    merges: bool,
}

/// A finished subtree with what an alias to it costs.
#[derive(Clone)]
struct Anchored {
    node: Node,
    depth: usize,
    size: usize,
}

struct Builder<'a> {
    offsets: Offsets<'a>,
    sources: &'a Sources,
    source: u32,
    faults: &'a mut Diagnostics,
    frames: Vec<Frame>,
    anchors: FxHashMap<usize, Anchored>,
    nodes: usize,
    aliased: usize,
    root: Option<Anchored>,
}

type Step = Result<(), Box<Diagnostic>>;

impl Builder<'_> {
    fn run(&mut self, text: &str) -> Step {
        let mut parser = Parser::new_from_str(text);
        let mut documents = 0;
        while let Some(event) = self.next(&mut parser)? {
            let (event, span) = event;
            let (start, end) = (self.offsets.of(span.start), self.offsets.of(span.end));
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return self.stop("more than one YAML document", start, end, None);
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), start, end);
                    let plain =
                        style == ScalarStyle::Plain && !tag.is_some_and(|tag| is_text(&tag));
                    let end = if text.is_empty() && plain { start } else { end };
                    let style = if plain { Style::Plain } else { Style::Quoted };
                    let value = Value::Scalar { text: text.into_owned(), style };
                    let node = Node { value, span: self.span(start, end) };
                    self.accept(Anchored { node, depth: 0, size: 1 }, anchor)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), start, end);
                    self.open(Content::List(Vec::new()), start, anchor)?;
                }
                Event::MappingStart(anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), start, end);
                    let seen = FxHashMap::default();
                    let (entries, merged, key) = (Vec::new(), None, None);
                    self.open(Content::Map { entries, merged, seen, key }, start, anchor)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
                Event::Alias(anchor) => self.alias(anchor, start, end)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn next<'i>(
        &mut self,
        parser: &mut Parser<'i, StrInput<'i>>,
    ) -> Result<Option<(Event<'i>, saphyr_parser::Span)>, Box<Diagnostic>> {
        match parser.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => Err(Box::new(self.syntax_fault(&error))),
        }
    }

    fn syntax_fault(&self, error: &ScanError) -> Diagnostic {
        let at = self.offsets.of(*error.marker());
        let place = self.sources.place(self.span(at, at));
        let line = self.sources.get(self.source).map(|source| {
            let range = source.line_range(at);
            source.text()[range].to_owned()
        });
        let tab = line
            .is_some_and(|line| line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t'));
        let hint = tab.then(|| "indent with blanks, not with tabs".to_owned());
        let reason = error.info();
        Diagnostic::error(format!("not valid YAML: {reason}")).at(place).maybe_hint(hint)
    }

    /// Reports a tag; what it stands before is read as if there were none.
    fn refuse_tag(&mut self, tag: Option<&Tag>, start: usize, end: usize) {
        if tag.is_some() {
            let place = self.sources.place(self.span(start, end));
            let fault = Diagnostic::error("YAML tags have no meaning here").at(place);
            self.faults.push(fault.hint("remove the tag"));
        }
    }

    fn open(&mut self, content: Content, start: usize, anchor: usize) -> Step {
        if self.frames.len() >= MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} deep");
            return self.stop(&message, start, start + 1, None);
        }
        self.frames.push(Frame { start, anchor, depth_below: 0, size: 1, content });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Step {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, merged: None, .. } => Value::Map(entries),
            Content::Map { mut entries, merged: Some(merged), .. } => {
                if let Err(span) = merge::into(&mut entries, merged) {
                    let message = "`<<` merges a map or a list of maps";
                    let place = self.sources.place(span);
                    self.faults.push(Diagnostic::error(message).at(place));
                }
                Value::Map(entries)
            }
        };
        let node = Node { value, span: self.span(frame.start, end) };
        let depth = frame.depth_below + 1;
        self.accept(Anchored { node, depth, size: frame.size }, frame.anchor)
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Step {
        match self.anchors.get(&anchor) {
            Some(anchored) if self.frames.len() + anchored.depth > MAX_NESTING => {
                let message = format!("nested more than {MAX_NESTING} deep by this alias");
                self.stop(&message, start, end, None)
            }
            Some(anchored) if self.aliased + anchored.size > MAX_ALIASED => {
                let message = format!("aliases stand for more than {MAX_ALIASED} values");
                self.stop(&message, start, end, None)
            }
            Some(anchored) => {
                let mut anchored = anchored.clone();
                self.aliased += anchored.size;
                // The copy stands here; what it contains stands where it was written.
                anchored.node.span = self.span(start, end);
                self.accept(anchored, 0)
            }
            None => self.stop("this alias stands for something that contains it", start, end, None),
        }
    }

    /// Puts a finished value where it belongs: the root, a list, or a map's key or value.
    fn accept(&mut self, anchored: Anchored, anchor: usize) -> Step {
        let span = anchored.node.span;
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values");
            return self.stop(&message, span.start as usize, span.end as usize, None);
        }
        if anchor != 0 {
            self.aliased += anchored.size;
            self.anchors.insert(anchor, anchored.clone());
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(anchored);
            return Ok(());
        };
        frame.depth_below = frame.depth_below.max(anchored.depth);
        frame.size += anchored.size;
        match &mut frame.content {
            Content::List(items) => items.push(anchored.node),
            Content::Map { entries, merged, seen, key } => match key.take() {
                Some(Key { duplicate: true, .. }) => {}
                Some(Key { merges: true, .. }) => *merged = Some(anchored.node),
                Some(Key { text, span, .. }) => {
                    entries.push(Entry { key: text, key_span: span, value: anchored.node });
                }
                None => {
                    let Value::Scalar { text, style } = anchored.node.value else {
                        let (start, end) = (span.start as usize, span.end as usize);
                        return self.stop("a key must be a text", start, end, None);
                    };
                    let first = seen.get(&text).copied();
                    if let Some(first) = first {
                        let message = format!("duplicate key {}", quoted(&text));
                        let fault = Diagnostic::error(message).at(self.sources.place(span));
                        let first = self.sources.place(first);
                        self.faults.push(fault.related(first, "first given here"));
                    } else {
                        seen.insert(text.clone(), span);
                    }
                    let merges = text == merge::KEY && style == Style::Plain;
                    *key = Some(Key { text, span, duplicate: first.is_some(), merges });
                }
            },
        }
        Ok(())
    }

    fn stop(&self, message: &str, start: usize, end: usize, hint: Option<&str>) -> Step {
        let place = self.sources.place(self.span(start, end));
        let hint = hint.map(str::to_owned);
        Err(Box::new(Diagnostic::error(message).at(place).maybe_hint(hint)))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end.max(start))
    }
}

/// Returns whether a tag says that a scalar is a text, whatever it looks like.
fn is_text(tag: &Tag) -> bool {
    tag.suffix.is_empty() || (tag.is_yaml_core_schema() && tag.suffix == "str")
}

/// Byte offsets of the parser's positions, which count characters.
struct Offsets<'a> {
    text: &'a str,
    /// Byte offset of every 64th character; empty for ASCII, where both counts agree.
    sparse: Vec<usize>,
}

impl<'a> Offsets<'a> {
    const STRIDE: usize = 64;

    fn new(text: &'a str) -> Self {
        let sparse = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STRIDE).map(|(at, _)| at).collect()
        };
        Self { text, sparse }
    }

    fn of(&self, marker: Marker) -> usize {
        let index = marker.index();
        if self.sparse.is_empty() {
            return index.min(self.text.len());
        }
        let Some(near) = self.sparse.get(index / Self::STRIDE) else { return self.text.len() };
        let mut rest = self.text[*near..].char_indices();
        rest.nth(index % Self::STRIDE).map_or(self.text.len(), |(at, _)| near + at)
    }
}
