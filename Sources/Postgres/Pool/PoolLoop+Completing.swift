extension PoolLoop {
    /// Most tries of one write that runs into conflicts.
    static let conflictLimit = 5

    /// Resumes the tasks whose requests are over.
    func deliver() {
        for (request, failure) in outcomes {
            if let failure { request.fail(failure) } else { request.succeed() }
        }
        outcomes.removeAll(keepingCapacity: true)
    }

    /// Finds out what those who wait for a unit shall be told.
    func complete(_ unit: PipelineUnit) {
        switch unit.purpose {
        case .reads: completeReads(unit)
        case .writes(let writes): complete(writes, unit)
        case .conversation: completeConversation(unit)
        }
    }

    private func completeReads(_ unit: PipelineUnit) {
        statistics.requestsDone += unit.requests.count
        statistics.readSyncsDone += 1
        if let sent = unit.sent { meters.answered(now - sent, .read) }
        let origin = unit.requests.first.map(queue(of:)) ?? reads
        origin.former.learn(unit.requests, took: unit.service, hasFailed: unit.failure != nil)
        for request in unit.requests {
            guard let failure = unit.failure else {
                outcomes.append((request, nil))
                continue
            }
            if unit.requests.count > 1 && failure.effect == .nothingHappened && !hasTakenTooLong(request, unit) {
                statistics.readsRedone += 1
                origin.former.redo(request, until: now + configuration.acquireTimeout)
            } else if mayRetry(failure), request.deadline > now {
                origin.former.redo(request, until: request.deadline)
            } else {
                outcomes.append((request, failure))
            }
        }
    }

    private func completeConversation(_ unit: PipelineUnit) {
        statistics.requestsDone += 1
        if let sent = unit.sent { meters.answered(now - sent, .transaction) }
        for request in unit.requests { outcomes.append((request, unit.failure)) }
    }

    /// The server cancelled this very request, most likely for its time: it would take as long again.
    private func hasTakenTooLong(_ request: PostgresRequest, _ unit: PipelineUnit) -> Bool {
        unit.culprit === request && unit.failure?.sqlState == .queryCancelled
    }

    /// The request did nothing, and for no fault of its own.
    private func mayRetry(_ failure: PostgresError) -> Bool {
        failure.effect == .nothingHappened && (failure.code == .connectionLost || failure.endsSession || failure.isStalePlan)
    }

    private func complete(_ members: [PendingWrite], _ unit: PipelineUnit) {
        statistics.requestsDone += members.count
        if let sent = unit.sent { meters.answered(now - sent, .write) }
        if members.count > 1 {
            statistics.groupsDone += 1
            statistics.writesInGroups += members.count
            statistics.largestGroup = max(statistics.largestGroup, members.count)
        }
        guard let failure = unit.failure else { return members.forEach { outcomes.append(($0.request, nil)) } }
        for member in members {
            if hasTakenTooLong(member.request, unit) {
                outcomes.append((member.request, failure))
            } else {
                redo(member, after: failure, wasAlone: members.count == 1)
            }
        }
    }

    /// A failed group says nothing about its members: each is done again alone.
    ///
    /// Alone, only a conflict is worth another try.
    private func redo(_ write: PendingWrite, after failure: PostgresError, wasAlone: Bool) {
        guard failure.effect == .nothingHappened else { return outcomes.append((write.request, failure)) }
        var next = write
        next.deadline = now + configuration.acquireTimeout
        if !wasAlone || mayRetry(failure) && write.request.deadline > now {
            statistics.writesRedone += 1
            return writes.redo(next)
        }
        next.conflicts += 1
        guard failure.sqlState?.isConflict == true, next.conflicts < Self.conflictLimit else {
            return outcomes.append((write.request, failure))
        }
        statistics.writesRedone += 1
        var pause = Backoff(first: .milliseconds(5), longest: .milliseconds(200), step: next.conflicts - 1)
        delayed.append((now + pause.next(using: &random), next))
    }
}
