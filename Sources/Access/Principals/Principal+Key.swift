import HTTPEdge
import HTTPTypes
package import Kernel

extension Principal {
    /// The key with which the caller came; what rows name as their author.
    ///
    /// - Throws: ``Problem`` 403 for a person, who has none.
    package var keyID: KeyID {
        get throws(Problem) {
            guard case .key(let id) = credential else { throw Problem(.forbidden, "forbidden") }
            return id
        }
    }
}
