using System.Diagnostics.Metrics;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for what is told of the process: its build, until when its certificate holds.</summary>
internal sealed class InfoMeter
{
    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="certificates">The certificate.</param>
    /// <param name="time">The clock.</param>
    public InfoMeter(ServiceMeter meter, ServerCertificates certificates, TimeProvider time)
    {
        meter.Show(Instruments.Build, () => [new Measurement<long>(
            1, new KeyValuePair<string, object?>("version", HelpText.Version), new KeyValuePair<string, object?>("runtime", Environment.Version.ToString()))]);
        meter.ShowTime(Instruments.CertificateTimeLeft, () => certificates.IsLoaded
            ? [new Measurement<double>((certificates.Current.Certificate.Certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime).TotalSeconds)]
            : []);
    }
}
