using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class ConnectionCredentialTests
{
    [Test]
    public void Find_SameHeaderOfSameConnection_IsTheCredential()
    {
        var connection = new Connection();
        var credential = new AccountCredential(new UserAccount("a", "", "r"));
        var header = new string("Basic YTpi");

        ConnectionCredential.Of(Request(connection))!.Remember(header, credential);

        Assert.That(ConnectionCredential.Of(Request(connection))!.Find(header), Is.SameAs(credential));
        Assert.That(ConnectionCredential.Of(Request(connection))!.Find(new string(header.AsSpan())), Is.Null, "An equal string is judged anew.");
        Assert.That(ConnectionCredential.Of(Request(new Connection()))!.Find(header), Is.Null);
    }

    [TestCase("HTTP/2")]
    [TestCase("HTTP/1.0")]
    public void Of_OtherProtocol_IsNothing(string protocol)
    {
        Assert.That(ConnectionCredential.Of(Request(new Connection(), protocol)), Is.Null);
    }

    private static DefaultHttpContext Request(Connection connection, string protocol = "HTTP/1.1")
    {
        var http = new DefaultHttpContext();
        http.Request.Protocol = protocol;
        http.Features.Set<IConnectionItemsFeature>(connection);
        return http;
    }

    private sealed class Connection : IConnectionItemsFeature
    {
        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();
    }
}
