//! Compresses the files of the console, so that the binary holds them as a browser takes them.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "console")]
    console::compress();
}

#[cfg(feature = "console")]
mod console {
    use std::io::Write as _;
    use std::path::Path;
    use std::{env, fs};

    use flate2::{Compression, GzBuilder};

    const FOLDER: &str = "src/http/console";

    /// Writes each file of the folder as gzip, and a table of them as Rust.
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo tells a build script where to write by a variable"
    )]
    pub(crate) fn compress() {
        println!("cargo::rerun-if-changed={FOLDER}");
        let out = env::var("OUT_DIR").expect("cargo sets it");
        let out = Path::new(&out);
        let entries = fs::read_dir(FOLDER).expect("the folder of the console");
        let mut names: Vec<_> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("a plain name")
            })
            .collect();
        names.sort();
        let mut table = String::from("&[\n");
        for name in names {
            let text = fs::read_to_string(Path::new(FOLDER).join(&name)).expect("a file of the console");
            let text = if name.ends_with(".js") {
                without_types(&text)
            } else {
                text
            };
            let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
            gzip.write_all(text.as_bytes()).expect("memory takes all");
            let packed = out.join(format!("{name}.gz"));
            fs::write(&packed, gzip.finish().expect("memory takes all")).expect("OUT_DIR can be written");
            table += &format!("(\"{name}\", include_bytes!({packed:?}).as_slice()),\n");
        }
        fs::write(out.join("console.rs"), table + "]\n").expect("OUT_DIR can be written");
    }

    /// A script without the comments that tell its types, of which a browser makes nothing: those that begin a line.
    /// What follows one in its line stays.
    fn without_types(script: &str) -> String {
        let mut kept = String::new();
        let mut rest = script;
        while let Some(line) = rest.split_inclusive('\n').next() {
            let end = line.trim_start().starts_with("/**").then(|| rest.find("*/")).flatten();
            match end {
                Some(end) => rest = rest[end + 2..].strip_prefix('\n').unwrap_or(&rest[end + 2..]),
                None => {
                    kept += line;
                    rest = &rest[line.len()..];
                }
            }
        }
        kept
    }
}
