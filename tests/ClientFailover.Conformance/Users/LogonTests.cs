using System.Net;
using System.Text.RegularExpressions;
using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Users;

/// <summary>What whoever guesses names and passwords learns: nothing, and slowly.</summary>
public sealed class LogonTests : OwnService
{
    [Test]
    public async Task LogOn_UnknownNameAndWrongPassword_GetTheSameAnswer()
    {
        using var unknown = new Caller(Service, new Account("nobody", "a wrong password", "").Header);
        using var wrong = new Caller(Service, (Service.Administrator with { Password = "a wrong password" }).Header);

        var answers = new List<string>();
        foreach (var caller in new[] { unknown, wrong })
        {
            using var rest = await caller.Rest.GetAsync("groups");
            var body = await rest.Content.ReadAsStringAsync();
            var native = Refusals.Of(caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest()));
            var headers = string.Join(' ', rest.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}={string.Join(',', h.Value)}"));
            answers.Add($"{rest.StatusCode} {headers} {Regex.Replace(body, "[0-9a-f]{32}", "")} {native.Status}");
        }

        Assert.That(answers[0], Does.StartWith("Unauthorized").And.Contain("WWW-Authenticate=Basic"));
        Assert.That(answers[1], Is.EqualTo(answers[0]));
    }

    [Test]
    public async Task LogOn_TooManyFailures_AreSlowedDownOverBothWiresAndNobodyElseIs()
    {
        using var remembered = new Caller(Service, Service.User.Header);
        (await remembered.Rest.GetAsync("")).Dispose();
        using var guesser = new Caller(Service, (Service.User with { Password = "a guess" }).Header);

        HttpResponseMessage answer;
        var failures = 0;
        while ((answer = await guesser.Rest.GetAsync("")).StatusCode == HttpStatusCode.Unauthorized && failures < 20)
        {
            failures++;
            answer.Dispose();
        }

        using (answer)
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)));
        }

        Assert.That(failures, Is.InRange(10, 11), "On a slow machine one comes back meanwhile.");
        Refusals.Of(guesser.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).MustBe(StatusCode.ResourceExhausted, "TOO_MANY_REQUESTS");
        using var goesOn = await remembered.Rest.GetAsync("");
        using var other = await Caller.Rest.GetAsync("");
        Assert.That((goesOn.StatusCode, other.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
    }
}
