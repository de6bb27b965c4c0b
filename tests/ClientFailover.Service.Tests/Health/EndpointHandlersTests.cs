using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Sending;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class EndpointHandlersTests
{
    private static readonly HealthEndpoint Plain = HealthBench.Endpoint("pi", "https");

    [Test]
    public void Create_WithoutCredentials_OffersNegotiateAndNothingElseToThisEndpointAlone()
    {
        using var handler = EndpointHandlers.Create(Plain);

        Assert.That(handler.Credentials!.GetCredential(new Uri("https://pi/omf"), "Negotiate"), Is.SameAs(CredentialCache.DefaultNetworkCredentials));
        Assert.That(handler.Credentials.GetCredential(new Uri("https://pi/omf"), "Basic"), Is.Null);
        Assert.That(handler.Credentials.GetCredential(new Uri("https://other/omf"), "Negotiate"), Is.Null);
    }

    [Test]
    public void Create_WithCredentials_OffersNoneOfTheAccount()
    {
        using var basic = EndpointHandlers.Create(Plain with { Username = "u", Password = new ProtectedSecret("x") });
        using var client = EndpointHandlers.Create(Plain with { ClientId = "c", ClientSecret = new ProtectedSecret("x") });

        Assert.That((basic.Credentials, client.Credentials), Is.EqualTo(((ICredentials?)null, (ICredentials?)null)));
    }

    [Test]
    public void Create_Anyone_FollowsNobodyAndWaitsNotForever()
    {
        using var handler = EndpointHandlers.Create(Plain);

        Assert.That((handler.AllowAutoRedirect, handler.UseCookies), Is.EqualTo((false, false)));
        Assert.That(handler.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(handler.PooledConnectionLifetime, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(handler.SslOptions.EnabledSslProtocols, Is.EqualTo(SslProtocols.Tls12 | SslProtocols.Tls13));
        Assert.That(handler.SslOptions.RemoteCertificateValidationCallback, Is.Null, "The system validates.");
    }

    [Test]
    public void Create_WithoutValidation_StillValidatesOthers()
    {
        using var handler = EndpointHandlers.Create(Plain with { ValidateEndpointCertificate = false });
        using var stream = new SslStream(new MemoryStream());
        var validates = handler.SslOptions.RemoteCertificateValidationCallback!;

        Assert.That(validates(stream, null, null, SslPolicyErrors.None), Is.True);
        Assert.That(validates(stream, null, null, SslPolicyErrors.RemoteCertificateChainErrors), Is.False, "This one is not the endpoint's.");
    }
}
