using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>On a service of its own: the list shows the groups of every other test.</summary>
internal sealed class GroupListTests : OwnService
{
    private RestClient _user = null!;

    private protected override string[] Settings => [];

    [OneTimeSetUp]
    public async Task CreateGroupsAsync()
    {
        _user = new RestClient(Service, Service.User.Header);
        foreach (var id in (string[])["b", "C", "a"])
        {
            await _user.PostAsync("groups", $$"""{"Id":"{{id}}"}""");
        }
    }

    [OneTimeTearDown]
    public void Leave() => _user.Dispose();

    [TestCase("", "a,b,C")]
    [TestCase("?skip=1", "b,C")]
    [TestCase("?COUNT=1&Skip=1", "b")]
    [TestCase("?skip=3", "")]
    [TestCase("?count=1000", "a,b,C")]
    [TestCase("?unknown=1&unknown=2&empty=", "a,b,C")]
    public async Task ListGroups_WithAPage_IsInIdOrderWithTotalCount(string query, string ids)
    {
        var reply = await _user.GetAsync("groups" + query);

        reply.MustBe(200, "[" + string.Join(',', ids.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""")) + "]");
        Assert.That(reply.Header("Total-Count"), Is.EqualTo("3"));
    }

    [TestCase("?skip=-1", "skip must be 0 or more.")]
    [TestCase("?count=0", "count must be from 1 to 1000.")]
    [TestCase("?count=1001", "count must be from 1 to 1000.")]
    [TestCase("?count=-1&skip=-2", "skip must be 0 or more; count must be from 1 to 1000.")]
    [TestCase("?count=", "count must be a whole number.")]
    [TestCase("?count", "count must be a whole number.")]
    [TestCase("?count=ten", "count must be a whole number.")]
    [TestCase("?count=1.0", "count must be a whole number.")]
    [TestCase("?count=99999999999", "count must be a whole number.")]
    [TestCase("?skip=1&skip=1", "skip must be given once.")]
    [TestCase("?skip=1&SKIP=1", "skip must be given once.")]
    public async Task ListGroups_WithAPageThatIsNotValid_Is400(string query, string reason)
    {
        (await _user.GetAsync("groups" + query)).IsInvalid(reason);
    }
}
