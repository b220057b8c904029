import TurnoutCore

/// Finds the minimum of a smooth function of many numbers: the limited-memory method of Broyden, Fletcher, Goldfarb and
/// Shanno (Nocedal and Wright, Numerical Optimization, algorithm 7.4 and 7.5) with a backtracking line search that also
/// asks for curvature (Lewis and Overton 2013).
///
/// A value: the same function and beginning give the same end.
struct LimitedMemoryBFGS: Sendable {
  /// How many steps are remembered.
  var memory = 8
  /// The most steps.
  var steps = 120
  /// Ends when no part of the gradient is larger, for a function that was divided by the number of rows.
  var gradientTolerance: Float = 1e-6
  /// Ends when a step lowers the value by a smaller share of it.
  var valueTolerance: Float = 1e-5

  /// - Parameter evaluate: the function's value, and its gradient written to the second argument.
  func minimum(
    from start: [Float], _ evaluate: (_ place: [Float], _ gradient: inout [Float]) -> Float
  ) -> [Float] {
    var place = start
    var gradient = [Float](repeating: 0, count: start.count)
    var value = evaluate(place, &gradient)
    var history: [(step: [Float], change: [Float], inverse: Float)] = []
    for _ in 0..<steps {
      guard value.isFinite, Self.largest(gradient) > gradientTolerance else { break }
      var direction = towards(gradient, history)
      var slope = Vectors.dot(direction, gradient)
      if slope >= 0 {
        history.removeAll()
        direction = gradient.map { -$0 }
        slope = Vectors.dot(direction, gradient)
      }
      let first = history.isEmpty ? min(1, 1 / max(Self.largest(gradient) * 10, 1e-12)) : 1
      guard let found = search(place, value, direction, slope, first, evaluate) else { break }
      let change = zip(found.gradient, gradient).map { $0 - $1 }
      let step = direction.map { $0 * found.length }
      let curvature = Vectors.dot(step, change)
      if curvature > 1e-10 * Vectors.dot(change, change) {
        if history.count == memory { history.removeFirst() }
        history.append((step, change, 1 / curvature))
      }
      let gain = value - found.value
      (place, value, gradient) = (found.place, found.value, found.gradient)
      if gain <= valueTolerance * max(abs(value), 1e-3) { break }
    }
    return place
  }

  private func towards(
    _ gradient: [Float], _ history: [(step: [Float], change: [Float], inverse: Float)]
  ) -> [Float] {
    var direction = gradient.map { -$0 }
    var shares: [Float] = []
    for pair in history.reversed() {
      let share = pair.inverse * Vectors.dot(pair.step, direction)
      Self.add(-share, pair.change, to: &direction)
      shares.append(share)
    }
    if let last = history.last {
      let scale = 1 / (last.inverse * Vectors.dot(last.change, last.change))
      for index in direction.indices { direction[index] *= scale }
    }
    for (pair, share) in zip(history, shares.reversed()) {
      let other = pair.inverse * Vectors.dot(pair.change, direction)
      Self.add(share - other, pair.step, to: &direction)
    }
    return direction
  }

  private struct Found {
    let length: Float
    let place: [Float]
    let value: Float
    let gradient: [Float]
  }

  /// A step that lowers the value enough and leaves less slope (the weak conditions of Wolfe), by doubling and halving.
  private func search(
    _ place: [Float], _ value: Float, _ direction: [Float], _ slope: Float, _ first: Float,
    _ evaluate: (_ place: [Float], _ gradient: inout [Float]) -> Float
  ) -> Found? {
    var (low, high): (Float, Float) = (0, .infinity)
    var length = first
    var best: Found?
    for _ in 0..<20 {
      var next = place
      Self.add(length, direction, to: &next)
      var gradient = [Float](repeating: 0, count: place.count)
      let nextValue = evaluate(next, &gradient)
      if !nextValue.isFinite || nextValue > value + 1e-4 * length * slope {
        high = length
      } else {
        let found = Found(length: length, place: next, value: nextValue, gradient: gradient)
        if best.map({ nextValue < $0.value }) ?? true { best = found }
        if Vectors.dot(gradient, direction) >= 0.9 * slope { return found }
        low = length
      }
      length = high.isFinite ? (low + high) / 2 : length * 2
    }
    return best
  }

  private static func add(_ factor: Float, _ other: [Float], to vector: inout [Float]) {
    vector.withUnsafeMutableBufferPointer { vector in
      other.withUnsafeBufferPointer { other in
        for index in vector.indices { vector[index] += factor * other[index] }
      }
    }
  }

  private static func largest(_ vector: [Float]) -> Float { vector.reduce(0) { max($0, abs($1)) } }
}
