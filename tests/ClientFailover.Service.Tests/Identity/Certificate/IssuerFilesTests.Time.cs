using ClientFailover.Service.Identity.Certificate;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Certificate;

/// <content>Lists that are past their time.</content>
public sealed partial class IssuerFilesTests
{
    [Test]
    public void Refresh_ListIsPastItsTime_RefusesAllUntilANewerOneComes()
    {
        WriteList(nextUpdate: TimeSpan.FromHours(1));
        var files = Open(withList: true);
        var credential = new CertificateCredential(TestCallers.Adapter, _client, files, files.Current, _time);

        Pass(files, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        Assert.That((credential.IsRevoked, Refusal(files)), Is.EqualTo((true, "There is no current list of what CN=Plant CA has revoked.")));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3032 }));

        WriteList(nextUpdate: TimeSpan.FromDays(1));
        Pass(files, TimeSpan.FromSeconds(1));

        Assert.That((credential.IsRevoked, Refusal(files)), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void Refresh_OneListAfterTheOtherIsPastItsTime_EndsWhatEachOfThemWasGoodFor()
    {
        using var other = NewAuthority("CN=Other CA");
        using var othersClient = Issue(other);
        Write(Issuers, _authority.ExportCertificatePem() + "\n" + other.ExportCertificatePem());
        Write(List, NewList(other, TimeSpan.FromMinutes(1)) + "\n" + NewList(_authority, TimeSpan.FromMinutes(2)));
        var files = Open(withList: true);
        var first = new CertificateCredential(TestCallers.Adapter, othersClient, files, files.Current, _time);
        var second = new CertificateCredential(TestCallers.Adapter, _client, files, files.Current, _time);

        Pass(files, TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        Assert.That((first.IsRevoked, second.IsRevoked), Is.EqualTo((true, false)));
        Pass(files, TimeSpan.FromMinutes(1));

        Assert.That((first.IsRevoked, second.IsRevoked), Is.EqualTo((true, true)));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3032, 3032 }));
    }
}
