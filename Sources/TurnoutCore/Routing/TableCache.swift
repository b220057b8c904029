import Synchronization

/// What a selector makes once for each route table it meets; usually there is one.
final class TableCache<Prepared: Sendable>: Sendable {
  // The table is kept with what was made, so that its token stays the only one at its address.
  private let entries = Mutex<[ObjectIdentifier: (table: RouteTable, prepared: Prepared)]>([:])

  func value(for table: RouteTable, _ make: () -> Prepared) -> Prepared {
    entries.withLock { entries in
      let id = ObjectIdentifier(table.token)
      if let entry = entries[id] { return entry.prepared }
      let prepared = make()
      entries[id] = (table, prepared)
      return prepared
    }
  }
}
