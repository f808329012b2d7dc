//! What can be changed in a source file: the mutants that cargo-mutants would make, each as text put in before and
//! after a stretch of the source, so that any number of them stand in one file at once.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, Pat, ReturnType, Signature, UnOp};

use crate::values;

/// A change that a switch turns on.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub line: usize,
    /// As a reader is told of it.
    pub change: String,
    /// The stretch that the change wraps; empty where it only puts something in.
    pub span: Range<usize>,
    /// Before the stretch; `SWITCH` stands for the question whether this mutant is on.
    pub before: String,
    pub after: &'static str,
}

pub const SWITCH: &str = "$SWITCH$";

/// The mutants of a file, in the order of the source.
pub fn mutants(source: &str) -> syn::Result<Vec<Mutant>> {
    let file = syn::parse_file(source)?;
    let mut finder = Finder {
        source,
        function: String::new(),
        default: false,
        found: Vec::new(),
    };
    finder.visit_file(&file);
    finder.found.sort_by_key(|mutant| mutant.span.start);
    Ok(finder.found)
}

struct Finder<'a> {
    source: &'a str,
    /// The function that is being visited.
    function: String,
    /// Whether it stands in an `impl Default`, where a default value would call itself.
    default: bool,
    found: Vec<Mutant>,
}

/// Whether it is compiled for tests only, or has an attribute within, before which nothing may stand.
fn is_left_alone(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let of_tests = attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test");
        of_tests || attribute.path().is_ident("test") || matches!(attribute.style, syn::AttrStyle::Inner(_))
    })
}

/// Whether a `let` stands in a chain of `&&`; such a chain is no value.
fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

fn swapped(op: &BinOp) -> (&'static str, &'static [&'static str]) {
    match op {
        BinOp::Eq(_) => ("==", &["!="]),
        BinOp::Ne(_) => ("!=", &["=="]),
        BinOp::Lt(_) => ("<", &["<=", ">", "=="]),
        BinOp::Le(_) => ("<=", &["<", ">"]),
        BinOp::Gt(_) => (">", &[">=", "<", "=="]),
        BinOp::Ge(_) => (">=", &[">", "<"]),
        BinOp::And(_) => ("&&", &["||"]),
        BinOp::Or(_) => ("||", &["&&"]),
        BinOp::Add(_) => ("+", &["-", "*"]),
        BinOp::Sub(_) => ("-", &["+", "/"]),
        BinOp::Mul(_) => ("*", &["+", "/"]),
        BinOp::Div(_) => ("/", &["%", "*"]),
        BinOp::Rem(_) => ("%", &["/", "+"]),
        BinOp::BitAnd(_) => ("&", &["|"]),
        BinOp::BitOr(_) => ("|", &["&"]),
        BinOp::Shl(_) => ("<<", &[">>"]),
        BinOp::Shr(_) => (">>", &["<<"]),
        BinOp::AddAssign(_) => ("+=", &["-=", "*="]),
        BinOp::SubAssign(_) => ("-=", &["+="]),
        BinOp::MulAssign(_) => ("*=", &["+="]),
        _ => ("", &[]),
    }
}

impl Finder<'_> {
    fn text(&self, node: &impl Spanned) -> &str {
        &self.source[node.span().byte_range()]
    }

    fn add(&mut self, node: &impl Spanned, change: String, span: Range<usize>, before: String, after: &'static str) {
        let change = if self.function.is_empty() {
            change
        } else {
            format!("{change} in {}", self.function)
        };
        let line = node.span().start().line;
        self.found.push(Mutant {
            line,
            change,
            span,
            before,
            after,
        });
    }

    /// `node` or, with the switch on, `instead`.
    fn replace(&mut self, node: &impl Spanned, place: &impl Spanned, change: String, instead: &str) {
        let before = format!("(if {SWITCH} {{{instead}}} else {{(");
        self.add(place, change, node.span().byte_range(), before, ")})");
    }

    fn function(&mut self, attributes: &[syn::Attribute], signature: &Signature, block: &Block) {
        if is_left_alone(attributes) || signature.constness.is_some() {
            return;
        }
        let outer = std::mem::replace(&mut self.function, signature.ident.to_string());
        let values = match &signature.output {
            ReturnType::Default if block.stmts.is_empty() => Vec::new(),
            ReturnType::Default => vec!["()".to_owned()],
            ReturnType::Type(_, _) if self.default => Vec::new(),
            ReturnType::Type(_, ty) => values::of(ty),
        };
        let begin = block.brace_token.span.open().byte_range().end;
        for value in values {
            let before = format!(" if {SWITCH} {{ return {value}; }}");
            self.add(
                &signature.ident,
                format!("return {value} at once"),
                begin..begin,
                before,
                "",
            );
        }
        self.visit_block(block);
        self.function = outer;
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if !is_left_alone(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let of = node.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if is_left_alone(&node.attrs) || of.is_some_and(|of| of.ident == "Debug") {
            return;
        }
        let outer = std::mem::replace(&mut self.default, of.is_some_and(|of| of.ident == "Default"));
        visit::visit_item_impl(self, node);
        self.default = outer;
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.function(&node.attrs, &node.sig, &node.block);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.function(&node.attrs, &node.sig, &node.block);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(block) = &node.default {
            self.function(&node.attrs, &node.sig, block);
        }
    }

    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        let (op, others) = swapped(&node.op);
        if !has_let(&node.left) && !has_let(&node.right) {
            let assigns = op.len() == 2 && op.ends_with('=') && !["==", "!=", "<=", ">="].contains(&op);
            for other in others {
                let (left, right) = (self.text(&node.left), self.text(&node.right));
                let instead = if assigns {
                    format!("{left} {other} {right}")
                } else {
                    format!("({left}) {other} ({right})")
                };
                self.replace(node, &node.op, format!("{op} to {other}"), &instead);
            }
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        let sign = match node.op {
            UnOp::Not(_) => "!",
            // The number's type may have no value without the sign, and a literal's type would be guessed anew.
            UnOp::Neg(_) if !matches!(*node.expr, Expr::Lit(_)) => "-",
            _ => return visit::visit_expr_unary(self, node),
        };
        let instead = self.text(&node.expr).to_owned();
        self.replace(node, node, format!("{sign} left out"), &instead);
        visit::visit_expr_unary(self, node);
    }

    fn visit_expr_match(&mut self, node: &'ast syn::ExprMatch) {
        let has_rest = node
            .arms
            .iter()
            .any(|arm| matches!(arm.pat, Pat::Wild(_)) && arm.guard.is_none());
        for arm in &node.arms {
            let pattern = self.text(&arm.pat).split_whitespace().collect::<Vec<_>>().join(" ");
            match &arm.guard {
                Some((_, guard)) if !has_let(guard) => {
                    for value in ["true", "false"] {
                        self.replace(&**guard, &**guard, format!("guard of {pattern} to {value}"), value);
                    }
                }
                None if has_rest && !matches!(arm.pat, Pat::Wild(_)) => {
                    let end = arm.pat.span().byte_range().end;
                    self.add(arm, format!("no arm {pattern}"), end..end, format!(" if !{SWITCH}"), "");
                }
                _ => {}
            }
        }
        visit::visit_expr_match(self, node);
    }

    // What is worked out while compiling cannot ask a switch.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_variant(&mut self, _: &'ast syn::Variant) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}

    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }
}

#[cfg(test)]
mod tests {
    use super::mutants;

    fn changes(source: &str) -> Vec<String> {
        mutants(source)
            .unwrap()
            .into_iter()
            .map(|mutant| mutant.change)
            .collect()
    }

    #[test]
    fn operators_bodies_guards_and_arms_change() {
        let found = changes("fn f(a: u8) -> bool { match a { 0 => !true, 1 if a < 2 => true, _ => a == 3 } }");
        for change in [
            "return true at once in f",
            "return false at once in f",
            "no arm 0 in f",
            "! left out in f",
        ] {
            assert!(found.contains(&change.to_owned()), "{change} in {found:?}");
        }
        for change in ["guard of 1 to false in f", "< to <= in f", "== to != in f"] {
            assert!(found.contains(&change.to_owned()), "{change} in {found:?}");
        }
    }

    #[test]
    fn what_is_worked_out_while_compiling_stays() {
        for source in [
            "const A: u8 = 1 + 2;",
            "static A: bool = 1 < 2;",
            "const fn f() -> u8 { 1 + 2 }",
            "#[cfg(test)] mod tests { fn f() -> u8 { 1 + 2 } }",
            "#[test] fn f() { assert(1 == 2) }",
            "type A = [u8; 1 + 2];",
        ] {
            assert_eq!(changes(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_chain_with_let_keeps_its_and() {
        let found = changes("impl Default for A { fn default() -> u8 { if let 1 = a && b > c { 1 } else { 2 } } }");
        assert_eq!(found, ["> to >= in default", "> to < in default", "> to == in default"]);
    }
}
