import FoundationEssentials
import Yams

/// A YAML file of settings, looked at before it is read: a key that nobody knows would otherwise be passed over in silence.
struct ConfigurationFile {
    /// Each setting that can't be used, named as in config/plateau.yaml.
    let faults: [String]

    /// - Throws: ``ConfigurationFault`` when it can't be read at all.
    init(path: String) throws(ConfigurationFault) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw ConfigurationFault(faults: ["--config: there is no file '\(path)' that can be read"])
        }
        do {
            let root = try Yams.compose(yaml: String(decoding: content, as: UTF8.self))
            guard let root, case .mapping(let sections) = root else {
                throw ConfigurationFault(faults: ["--config: '\(path)' has no settings; allowed: those of config/plateau.yaml"])
            }
            faults = Self.faults(in: sections, under: "")
        } catch let fault as ConfigurationFault {
            throw fault
        } catch {
            throw ConfigurationFault(faults: ["--config: '\(path)' is not YAML that can be read: \(error)"])
        }
    }

    private static func faults(in mapping: Node.Mapping, under section: String) -> [String] {
        mapping.flatMap { key, value -> [String] in
            let name = section + (key.string ?? "")
            let known = ConfigurationKey.all.first { $0.name == name }
            switch value {
            case .scalar(let scalar) where known != nil || (scalar.string.isEmpty && ConfigurationKey.sections.contains(name)):
                return []
            case .mapping(let below) where known == nil && section.isEmpty:
                return faults(in: below, under: name + ".")
            default:
                if let known { return ["\(name): is not a single value; allowed: \(known.allowed)"] }
                return ["\(name): there is no such setting; allowed: \(ConfigurationKey.all.map(\.name).joined(separator: ", "))"]
            }
        }
    }
}
