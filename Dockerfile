FROM python:3.11-slim

WORKDIR /app

# Every package of requirements.txt has a wheel for Linux on x86-64 and arm64 and brings its own
# libraries, so no compiler is needed. poppler-utils is the second reader of damaged PDFs.
RUN apt-get update && apt-get install -y --no-install-recommends poppler-utils \
    && rm -rf /var/lib/apt/lists/*

# Before the code, so that a change of code doesn't install everything again.
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt

# A user without rights but with a writable home. The code stays root's: the service can write
# only its three folders, which any user that compose names may do as well.
RUN useradd --uid 1000 --create-home --shell /usr/sbin/nologin appuser \
    && mkdir -p incoming generated logs \
    && chown appuser:appuser incoming generated logs \
    && chmod 1777 /home/appuser
COPY . .

ENV HOME=/home/appuser PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER appuser

EXPOSE 8000 8501

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]

CMD ["python", "-m", "uvicorn", "src.api.main:app", "--host", "0.0.0.0", "--port", "8000"]
