//! Plain values of a type, by how the type is written.

use syn::{GenericArgument, PathArguments, Type};

/// What a function of this type may return at once; none where nothing plain is known.
pub fn of(ty: &Type) -> Vec<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(of_path).unwrap_or_default(),
        Type::Reference(reference) if reference.mutability.is_none() => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => texts(),
            Type::Slice(_) => vec!["&[]".to_owned()],
            _ => Vec::new(),
        },
        Type::Tuple(tuple) => {
            let rows = tuple.elems.iter().map(of).fold(vec![String::new()], |rows, values| {
                let each = |row: &String| {
                    values
                        .iter()
                        .map(move |value| format!("{row}{value}, "))
                        .collect::<Vec<_>>()
                };
                rows.iter().flat_map(each).collect()
            });
            rows.iter().map(|row| format!("({row})")).collect()
        }
        Type::Paren(paren) => of(&paren.elem),
        _ => Vec::new(),
    }
}

fn texts() -> Vec<String> {
    ["\"\"", "\"xyzzy\""].map(str::to_owned).into()
}

fn of_path(last: &syn::PathSegment) -> Vec<String> {
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(of(ty)),
            _ => None,
        }),
        _ => None,
    };
    let within = |open: &str, close: &str| -> Vec<String> {
        let inner = inner.clone().unwrap_or_else(|| vec!["Default::default()".to_owned()]);
        inner.iter().map(|value| format!("{open}{value}{close}")).collect()
    };
    let also = |first: &str, more: Vec<String>| [vec![first.to_owned()], more].concat();
    match last.ident.to_string().as_str() {
        "bool" => ["true", "false"].map(str::to_owned).into(),
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => ["0", "1"].map(str::to_owned).into(),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => ["0", "1", "-1"].map(str::to_owned).into(),
        "f32" | "f64" => ["0.0", "1.0"].map(str::to_owned).into(),
        "String" => texts().iter().map(|text| format!("{text}.to_owned()")).collect(),
        "Option" => also("None", within("Some(", ")")),
        "Result" => within("Ok(", ")"),
        "Vec" => also("Vec::new()", within("vec![", "]")),
        "Box" => within("Box::new(", ")"),
        "Arc" => within("std::sync::Arc::new(", ")"),
        _ => vec!["Default::default()".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_follow_the_type() {
        let of = |ty: &str| super::of(&syn::parse_str(ty).unwrap());
        assert_eq!(of("Option<u8>"), ["None", "Some(0)", "Some(1)"]);
        assert_eq!(of("Result<(), Refusal>"), ["Ok(())"]);
        assert_eq!(of("(bool, &str)").len(), 4);
        assert_eq!(of("&mut String"), [""; 0]);
    }
}
