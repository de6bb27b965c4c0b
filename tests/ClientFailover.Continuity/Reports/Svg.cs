using System.Globalization;
using System.Net;
using System.Text;

namespace ClientFailover.Continuity.Reports;

/// <summary>Responsible for the shapes of a drawing.</summary>
internal sealed class Svg(double width)
{
    private readonly StringBuilder _shapes = new();

    /// <summary>A filled rectangle; at least a pixel wide, so that nothing short goes unseen.</summary>
    public void Box(double x, double y, double boxWidth, double height, string fill, string? title = null, double opacity = 1, double least = 1)
    {
        _shapes.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(least, boxWidth):0.##}\" height=\"{height:0.#}\" fill=\"{fill}\"");
        if (opacity < 1)
        {
            _shapes.Append(CultureInfo.InvariantCulture, $" fill-opacity=\"{opacity:0.##}\"");
        }

        _shapes.Append(title is null ? "/>\n" : $"><title>{WebUtility.HtmlEncode(title)}</title></rect>\n");
    }

    /// <summary>A line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string stroke, double strokeWidth = 1, string dashes = "none") => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{stroke}\" stroke-width=\"{strokeWidth:0.#}\" stroke-dasharray=\"{dashes}\"/>\n");

    /// <summary>A text.</summary>
    public void Text(double x, double y, string text, double size = 12, string fill = "#222", string anchor = "start", bool isBold = false) => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\" fill=\"{fill}\" text-anchor=\"{anchor}\"{(isBold ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(text)}</text>\n");

    /// <summary>The whole drawing.</summary>
    public string ToString(double height) => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{_shapes}</svg>\n");
}
