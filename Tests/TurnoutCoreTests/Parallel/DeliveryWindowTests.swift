import Testing
import TurnoutTesting

@testable import TurnoutCore

/// The window by itself: what may start, what comes next.
@Suite struct DeliveryWindowTests {
  /// The value in a class, since expectations cannot change a value.
  private final class Window {
    private var value: DeliveryWindow<Int>
    init(size: Int, bound: Int) { value = DeliveryWindow(size: size, bound: bound) }

    var started: Int { value.started }
    func start() -> Int? { value.start() }
    func arrive(_ index: Int, _ element: Int) { value.arrive(index, element) }
    func fail(_ error: any Error) { value.fail(error) }
    func complete(_ error: (any Error)? = nil) { value.complete(error) }
    func take() -> String {
      switch value.take() {
      case .element(let element): "\(element)"
      case .wait: "wait"
      case .end: "end"
      case .failed(let error): "\(error)"
      }
    }
  }

  @Test func nothingStartsFurtherAheadThanTheWindow() {
    let window = Window(size: 3, bound: 8)
    #expect((0..<5).map { _ in window.start() } == [0, 1, 2, nil, nil])
    window.arrive(1, 10)
    window.arrive(2, 20)
    #expect(window.start() == nil, "the oldest has not been taken")
    #expect(window.take() == "wait")
    window.arrive(0, 0)
    #expect(window.take() == "0")
    #expect([window.start(), window.start()] == [3, nil])
    #expect(window.take() == "10")
    #expect(window.take() == "20")
    #expect(window.take() == "wait")
  }

  @Test func noMoreRunThanTheBound() {
    let window = Window(size: 10, bound: 2)
    #expect((0..<3).map { _ in window.start() } == [0, 1, nil])
    window.arrive(1, 1)
    #expect([window.start(), window.start()] == [2, nil])
  }

  @Test func sizesBelowOneAreOne() {
    let window = Window(size: 0, bound: -3)
    #expect([window.start(), window.start()] == [0, nil])
  }

  @Test func itEndsAfterTheLast() {
    let window = Window(size: 2, bound: 2)
    #expect(window.start() == 0)
    window.arrive(0, 7)
    window.complete(Broken("inputs"))
    #expect(window.start() == nil)
    #expect([window.take(), window.take()] == ["7", "inputs"])
    let empty = Window(size: 2, bound: 2)
    empty.complete()
    #expect(empty.take() == "end")
  }

  @Test func aFailureComesBeforeWhatHasArrived() {
    let window = Window(size: 2, bound: 2)
    #expect(window.start() == 0)
    window.arrive(0, 7)
    window.fail(Broken("first"))
    window.fail(Broken("second"))
    #expect(window.take() == "first")
    #expect(window.start() == nil)
  }

  @Test(arguments: 1...200) func anyOrderOfArrivalsIsTakenInInputOrder(seed: Int) {
    var random = SplitMix64(seed: seed)
    let (size, bound, count) = (random.int(1...9), random.int(1...9), random.int(0...60))
    let window = Window(size: size, bound: bound)
    var (running, taken): ([Int], [Int]) = ([], [])
    while taken.count < count {
      switch random.int(0...2) {
      case 0 where window.started < count:
        if let index = window.start() { running.append(index) }
      case 1 where !running.isEmpty:
        let index = running.remove(at: random.int(0...running.count - 1))
        window.arrive(index, index)
      default: if let element = Int(window.take()) { taken.append(element) }
      }
      #expect(running.count <= bound)
      #expect(window.started - taken.count <= size)
    }
    window.complete()
    #expect(taken == Array(0..<count))
    #expect(window.take() == "end")
  }
}
