using System.Net.Http.Headers;
using ClientFailover.Service.Health.Sending;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class OmfAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 6, 0, 0, TimeSpan.Zero);

    [Test]
    public void Of_GoodAnswerWithBadParts_HasTheirCodesAndReasons()
    {
        const string body = """
            {"OperationId":"1","Messages":[
              {"MessageIndex":0,"Events":[],"Status":{"Code":200,"HighestSeverity":"Normal"}},
              {"MessageIndex":1,"Events":[{"EventInfo":{"Message":"It is another one.","EventCode":7}}],"Status":{"Code":409,"HighestSeverity":"Error"}}]}
            """;

        var answer = Of(200, body);

        Assert.That(answer.Codes, Is.EqualTo(new[] { 200, 409 }));
        Assert.That(answer.Reason, Is.EqualTo("it answers 409: It is another one."));
    }

    [Test]
    public void Of_BadAnswer_ItsOwnStatusDecides()
    {
        var answer = Of(503, """{"Messages":[{"Events":[{"EventInfo":{"Message":"Later."}}],"Status":{"Code":409}}]}""");

        Assert.That((answer.Codes.Single(), answer.Reason), Is.EqualTo((503, "it answers 503: Later.")));
    }

    [TestCase("")]
    [TestCase("<html>200</html>")]
    [TestCase("{")]
    [TestCase("{\"Messages\":{}}")]
    [TestCase("{\"Messages\":[3,null,{\"Status\":5},{\"Status\":{\"Code\":\"409\"}},{\"Status\":{\"Code\":1e99}},{\"Events\":[{\"EventInfo\":{\"Message\":4}}]}]}")]
    [TestCase("[{\"Status\":{\"Code\":500}}]")]
    [TestCase("{\"Messages\":[{\"Status\":{\"Code\":500}}]} trailing")]
    public void Of_BodyOfAnyForm_SaysNothingAgainstAGoodStatus(string body) => Assert.That(Of(200, body).Codes, Is.EqualTo(new[] { 200 }));

    [Test]
    public void Of_DeepJson_IsNoParts() => Assert.That(Of(200, $"{{\"Messages\":{new string('[', 100_000)}").Codes, Is.EqualTo(new[] { 200 }));

    [TestCase("p+w/1 \"x\"", "p+w/1 \"x\"")]
    [TestCase("p+w/1 \"x\"", "p%2Bw%2F1%20%22x%22")]
    [TestCase("p+w/1 \"x\"", "p%2Bw%2F1+%22x%22")]
    [TestCase("p+w/1 \"x\"", "p\\u002Bw/1 \\u0022x\\u0022")]
    public void Of_AnswerThatEchoesASecret_DoesNotShowIt(string secret, string echo)
    {
        var answer = OmfAnswer.Of(400, null, $"You sent {echo}!", [secret, ""], Now);

        Assert.That(answer.Reason, Is.EqualTo("it answers 400: You sent *****!"));
    }

    [Test]
    public void Of_LongAnswerWithLineBreaks_IsOneShortLine()
    {
        var reason = Of(400, "a\r\nb\u001b[31m\ud800" + new string('x', 10_000)).Reason;

        Assert.That(reason, Does.StartWith("it answers 400: a  b [31m xxx").And.EndsWith("x...").And.Length.EqualTo(503));
    }

    [Test]
    public void Of_RetryAfter_IsReadAsSpanAndAsTime()
    {
        Assert.That(OmfAnswer.Of(429, new RetryConditionHeaderValue(TimeSpan.FromSeconds(9)), "", [], Now).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(9)));
        Assert.That(OmfAnswer.Of(503, new RetryConditionHeaderValue(Now.AddMinutes(2)), "", [], Now).RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(2)));
        Assert.That(Of(503, "").RetryAfter, Is.Null);
    }

    private static OmfAnswer Of(int status, string body) => OmfAnswer.Of(status, null, body, [], Now);
}
