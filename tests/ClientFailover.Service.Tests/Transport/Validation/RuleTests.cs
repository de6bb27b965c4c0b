using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Validation;

internal sealed class RuleTests
{
    [TestCase("a")]
    [TestCase("a b")]
    [TestCase("...")]
    [TestCase("a:b;{}~+")]
    [TestCase("é漢😀")]
    public void IsValid_OfAnAllowedId_IsTrue(string id) => Assert.That(IdRules.IsValid(id), Is.True);

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase(" a")]
    [TestCase("a\u00a0")]
    [TestCase("a/")]
    [TestCase("a\\")]
    [TestCase("a?")]
    [TestCase("a#")]
    [TestCase("a%")]
    [TestCase("a\u0000b")]
    [TestCase("a\u001fb")]
    [TestCase("a\u007fb")]
    [TestCase("a\u009fb")]
    public void IsValid_OfAnIdThatAUrlWouldChange_IsFalse(string id) => Assert.That(IdRules.IsValid(id), Is.False);

    [Test]
    public void IsValid_OfHalfASurrogatePair_IsFalse() => Assert.That(
        new[] { "\ud83d", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00" }.Select(IdRules.IsValid), Is.All.False);

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void IsValid_ByLength_CountsUtf16Units(int length, bool valid) =>
        Assert.That(IdRules.IsValid(string.Concat(Enumerable.Repeat("😀", length / 2)) + (length % 2 == 1 ? "x" : "")), Is.EqualTo(valid));

    [TestCase(-62135596800, 0, null)]
    [TestCase(-62135596800, 100, 1L)]
    [TestCase(253402300799, 999999999, 3155378975999999999L)]
    public void ReadTime_InRange_IsReadTo100Nanoseconds(long seconds, int nanos, long? ticks)
    {
        var violations = default(Violations);

        var time = TimeRules.Read(ref violations, new Timestamp { Seconds = seconds, Nanos = nanos }, "T", "t");

        Assert.That((violations.Any, time?.Ticks), Is.EqualTo((false, ticks)));
    }

    [TestCase(-62135596801, 0)]
    [TestCase(253402300800, 0)]
    [TestCase(long.MaxValue, 0)]
    [TestCase(long.MinValue, 0)]
    [TestCase(0, -1)]
    [TestCase(0, 1000000000)]
    public void ReadTime_OutOfRange_IsAViolation(long seconds, int nanos)
    {
        var violations = default(Violations);

        TimeRules.Read(ref violations, new Timestamp { Seconds = seconds, Nanos = nanos }, "T", "t");

        Assert.That(violations.ToFailure().Violations, Is.EqualTo(new[] { new Violation("T", "t", "must be a time in the years 1 to 9999") }));
    }

    [TestCase(1, 0, true)]
    [TestCase(60, 0, true)]
    [TestCase(0, 999999999, false)]
    [TestCase(60, 100, false)]
    [TestCase(-5, 0, false)]
    [TestCase(5, 1000000000, false)]
    [TestCase(5, int.MinValue, false)]
    [TestCase(long.MaxValue, 0, false)]
    [TestCase(long.MinValue, 0, false)]
    public void ReadSpan_ByRange_IsReadOrAViolation(long seconds, int nanos, bool valid)
    {
        var violations = default(Violations);

        var span = TimeRules.Read(
            ref violations, new Duration { Seconds = seconds, Nanos = nanos }, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "S", "s");

        Assert.That((violations.Any, span is not null), Is.EqualTo((!valid, valid)));
    }

    [Test]
    public void ReadAdditionalData_NestedAsDeepAsAllowed_CanBeReadByEveryClient()
    {
        var violations = default(Violations);
        var data = Nested(AdditionalDataRules.MaximumDepth);

        var text = AdditionalDataRules.Read(ref violations, data, "d");
        var inAWatch = new V1.WatchEventsResponse { State = new V1.GroupState { Group = new V1.GroupConfiguration { AdditionalData = data } } };

        Assert.That((violations.Any, text), Is.EqualTo((false, Transport(data))));
        Assert.That(V1.WatchEventsResponse.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(inAWatch)), Is.EqualTo(inAWatch));
    }

    [Test]
    public void ReadAdditionalData_ThatCannotBeKept_IsAViolation()
    {
        Struct[] refused =
        [
            Nested(AdditionalDataRules.MaximumDepth + 1),
            new() { Fields = { [""] = Value.ForNull() } },
            new() { Fields = { ["a"] = Value.ForNumber(double.NaN) } },
            new() { Fields = { ["a"] = Value.ForList(Value.ForNumber(double.PositiveInfinity)) } },
            new() { Fields = { ["a"] = new Value() } },
            new() { Fields = { ["a"] = Value.ForString(new string('x', AdditionalDataRules.MaximumBytes)) } },
        ];
        foreach (var data in refused)
        {
            var violations = default(Violations);
            Assert.That(AdditionalDataRules.Read(ref violations, data, "d"), Is.Null);
            Assert.That(violations.Any, Is.True);
        }
    }

    private static string Transport(Struct data) => Service.Transport.Rest.Json.StructJson.ToText(data);

    private static Struct Nested(int depth) =>
        new() { Fields = { ["a"] = depth == 1 ? Value.ForNumber(1) : Value.ForStruct(Nested(depth - 1)) } };
}
