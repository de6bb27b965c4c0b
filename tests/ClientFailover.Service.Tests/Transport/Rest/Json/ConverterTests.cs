using System.Text.Json;
using System.Text.Json.Serialization;
using ClientFailover.Service.Transport.Rest.Json;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Rest.Json;

internal sealed class ConverterTests
{
    [TestCase("\"00:01:00\"", "\"00:01:00\"")]
    [TestCase("\"1.02:03:04.5\"", "\"1.02:03:04.5000000\"")]
    [TestCase("\"00:00:00.0000001\"", "\"00:00:00.0000001\"")]
    [TestCase("\"10675199.02:48:05.4775807\"", "\"10675199.02:48:05.4775807\"")]
    public void Span_InTheConstantFormat_SurvivesTheRoundTrip(string json, string written) =>
        Assert.That(RoundTrip<Duration>(json, new SpanConverter("M")), Is.EqualTo(written));

    [TestCase("5")]
    [TestCase("\"5\"")]
    [TestCase("\"1:30\"")]
    [TestCase("\"00:60:00\"")]
    [TestCase("\"24:00:00\"")]
    [TestCase("\"-00:01:00\"")]
    [TestCase("\"00:01:00.\"")]
    [TestCase("\"00:01:00.12345678\"")]
    [TestCase("\" 00:01:00\"")]
    [TestCase("\"10675200.00:00:00\"")]
    public void Span_InAnotherFormat_IsRefusedByName(string json) =>
        Assert.That(() => RoundTrip<Duration>(json, new SpanConverter("M")), Throws.TypeOf<MemberException>().With.Message.Contains("M must be"));

    [TestCase("\"2026-01-02T03:04:05.1234567+01:00\"", "\"2026-01-02T02:04:05.1234567Z\"")]
    [TestCase("\"2026-01-02T03:04:05.1200000Z\"", "\"2026-01-02T03:04:05.12Z\"")]
    [TestCase("\"2026-01-02\\u005403:04:05\"", "\"2026-01-02T03:04:05Z\"")]
    [TestCase("\"0001-01-01T00:00:00\"", "null")]
    public void Time_InAnyForm_IsWrittenInUtc(string json, string written) =>
        Assert.That(RoundTrip<Timestamp>(json, new TimeConverter("M")), Is.EqualTo(written));

    [Test]
    public void Time_LongerThanAnyTime_IsRefused() => Assert.That(
        () => RoundTrip<Timestamp>($"\"2026-01-02T03:04:05.{new string('1', 100)}Z\"", new TimeConverter("M")), Throws.TypeOf<MemberException>());

    [TestCase("1", "1")]
    [TestCase("\"primary\"", "1")]
    [TestCase("\"PENDINGPRIMARY\"", "2")]
    [TestCase("\"2\"", "2")]
    public void EnumNumber_ByNumberOrName_IsWrittenAsNumber(string json, string written) =>
        Assert.That(RoundTrip<V1.Role?>(json, new EnumNumberConverter<V1.Role>("M")), Is.EqualTo(written));

    [TestCase("3")]
    [TestCase("1.5")]
    [TestCase("\"ROLE_PRIMARY\"")]
    [TestCase("\"+1\"")]
    [TestCase("\"\"")]
    [TestCase("true")]
    public void EnumNumber_Undefined_IsRefused(string json) =>
        Assert.That(() => RoundTrip<V1.Role?>(json, new EnumNumberConverter<V1.Role>("M")), Throws.TypeOf<MemberException>());

    [Test]
    public void EnumText_OfEveryReason_IsTheEnginesName()
    {
        foreach (var reason in System.Enum.GetValues<Engine.Reason>())
        {
            Assert.That(RoundTrip<V1.Reason?>($"\"{reason}\"".ToUpperInvariant(), new EnumTextConverter<V1.Reason>("M")), Is.EqualTo($"\"{reason}\""));
        }
    }

    [TestCase("""{"b":[1,2.5,null,true,"x",{}],"a":{"é":-0.1}}""")]
    [TestCase("{}")]
    public void Struct_OfAnything_SurvivesTheRoundTripsInOrder(string json)
    {
        Assert.That(RoundTrip<Struct>(json, new StructConverter("M")), Is.EqualTo(json));
        Assert.That(StructJson.ToText(StructJson.FromText(json)), Is.EqualTo(json));
    }

    [TestCase("""{"":1}""")]
    [TestCase("""{"a":[{"":1}]}""")]
    [TestCase("""{"a":1,"a":1}""")]
    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"\udc00":1}""")]
    [TestCase("""{"a":1e400}""")]
    [TestCase("[]")]
    public void Struct_ThatCouldNotBeWrittenAgain_IsRefused(string json) =>
        Assert.That(() => RoundTrip<Struct>(json, new StructConverter("M")), Throws.TypeOf<MemberException>());

    [TestCase("75.5", "75.5")]
    [TestCase("\"75.5\"", "75.5")]
    [TestCase("0", "0")]
    [TestCase("null", "null")]
    public void Score_AsNumberOrText_IsWrittenAsNumber(string json, string written) =>
        Assert.That(RoundTrip<float?>(json, new ScoreConverter("M")), Is.EqualTo(written));

    [TestCase("\"NaN\"")]
    [TestCase("\"-Infinity\"")]
    [TestCase("1e39")]
    [TestCase("\"1,5\"")]
    [TestCase("{}")]
    public void Score_ThatIsNotFinite_IsRefused(string json) =>
        Assert.That(() => RoundTrip<float?>(json, new ScoreConverter("M")), Throws.TypeOf<MemberException>());

    private static string RoundTrip<T>(string json, JsonConverter converter)
    {
        var options = new JsonSerializerOptions
        {
            Converters = { converter },
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, options), options);
    }
}
