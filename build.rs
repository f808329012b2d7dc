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
            let bytes = fs::read(Path::new(FOLDER).join(&name)).expect("a file of the console");
            let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
            gzip.write_all(&bytes).expect("memory takes all");
            let packed = out.join(format!("{name}.gz"));
            fs::write(&packed, gzip.finish().expect("memory takes all")).expect("OUT_DIR can be written");
            table += &format!("(\"{name}\", include_bytes!({packed:?}).as_slice()),\n");
        }
        fs::write(out.join("console.rs"), table + "]\n").expect("OUT_DIR can be written");
    }
}
