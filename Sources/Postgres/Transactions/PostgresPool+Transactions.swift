extension PostgresPool {
    /// Runs `body` in one transaction on a connection of its own: commits when it returns, rolls back when it throws.
    ///
    /// - Parameters:
    ///   - settings: hold until the end of the transaction.
    ///   - body: its own error is thrown on as it is.
    /// - Throws: `poolExhausted` when no connection was free within `acquireTimeout`; a `PostgresError` with effect `.unknown` when
    ///   the connection broke during COMMIT.
    package func transaction<T>(
        settings: [PostgresSetting] = [], mode: PostgresTransactionMode = .readWrite,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (borrowing PostgresTransaction) async throws -> T
    ) async throws -> T {
        let token = try await LeaseRequest(patience: configuration.acquireTimeout).token { post(.lease($0)) }
        let transaction = PostgresTransaction(pool: self, token: token, mode: mode, settings: settings)
        let value: T
        do {
            value = try await body(transaction)
        } catch {
            // A cancelled task does not wait for its statement to end: the connection is closed, which rolls back.
            let isReusable = Task.isCancelled ? false : await transaction.rollBack()
            post(.endLease(token, isBroken: !isReusable))
            throw error
        }
        do throws(PostgresError) {
            try await transaction.commit()
            post(.endLease(token, isBroken: false))
            return value
        } catch {
            post(.endLease(token, isBroken: error.code != .server && error.code != .transactionAborted))
            throw error
        }
    }
}
